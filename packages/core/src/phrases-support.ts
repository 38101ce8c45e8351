/** Shell completion, and what is collected for whoever helps. */
export const supportPhrases = {
  'help.completion': {
    vi: 'In tập lệnh để shell tự điền lệnh, tuỳ chọn và giá trị của lienthong',
    en: 'Print a script with which a shell completes commands, options and values of lienthong',
  },
  'help.completion.shell': { vi: 'shell dùng tập lệnh này', en: 'the shell it is for' },
  'example.completion': {
    vi: 'cho bash; đặt vào /etc/bash_completion.d, hoặc gọi source trong .bashrc',
    en: 'for bash; goes to /etc/bash_completion.d, or source it in .bashrc',
  },
  'example.completionFish': {
    vi: 'cho fish; đặt vào ~/.config/fish/completions',
    en: 'for fish; goes to ~/.config/fish/completions',
  },
  'help.support': { vi: 'Để người khác giúp', en: 'For whoever helps' },
  'help.support.bundle': {
    vi: 'Gom những gì giúp tìm lỗi vào một tệp, không có bí mật và không có văn bản; chạy được cả khi nút hoặc máy chủ hàng đợi đã chết',
    en: 'Collect what helps to find a fault in one file, without secrets and without documents; works with the node or its broker down',
  },
  'option.support.out': { vi: 'Tệp .tar.gz sẽ ghi', en: 'The .tar.gz file to write' },
  'option.support.log': {
    vi: 'Tệp nhật ký của nút, có thể lặp lại; chỉ lấy những dòng của chương trình này',
    en: 'A log file of the node, may be repeated; only lines of this program are taken',
  },
  'option.support.lines': { vi: 'Số dòng cuối của mỗi nhật ký', en: 'How many lines from the end of each log' },
  'example.supportBundle': { vi: 'trên máy của nút', en: 'on the machine of the node' },
  'support.what': { vi: 'Nội dung', en: 'What it is' },
  'support.doctor': { vi: 'những gì doctor thấy hỏng', en: 'what the doctor finds' },
  'support.status': {
    vi: 'tình trạng nút, hoặc vì sao không hỏi được',
    en: 'how the node does, or why it cannot be asked',
  },
  'support.checks': { vi: 'kết quả mọi phép kiểm tra', en: 'the result of every check' },
  'support.versions': {
    vi: 'phiên bản chương trình, bảng định tuyến, danh bạ và từng công bố',
    en: 'versions of the program, of the table, the directory and each announcement',
  },
  'support.nodeFile': { vi: 'node.yaml, bí mật đã thay', en: 'node.yaml, secrets replaced' },
  'support.broker': { vi: 'tên và độ dài hàng đợi, không có thư', en: 'names and depths of queues, no messages' },
  'support.log': { vi: 'những dòng cuối của nhật ký, bí mật đã thay', en: 'the last lines of a log, secrets replaced' },
  'support.leftOut': {
    vi: 'bỏ qua {count} dòng không phải của nhật ký này',
    en: '{count} lines left out: not of this log',
  },
  'support.written': {
    vi: 'Đã ghi {file}. Hãy xem qua trước khi gửi đi.',
    en: '{file} is written. Have a look at it before it is sent.',
  },
} as const
