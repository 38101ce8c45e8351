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
  'option.support.sendParent': {
    vi: 'Gửi gói lên nút cấp trên qua đường nối, sau khi hỏi',
    en: 'Send it to the node above over the link, after asking',
  },
  'option.support.wait': {
    vi: 'Chờ nút cấp trên nhận được bao lâu; gói vẫn đi tiếp sau đó',
    en: 'How long to wait until the node above has it; it goes on all the same afterwards',
  },
  'option.support.approve': { vi: 'Gửi không hỏi', en: 'Send without asking' },
  'help.support.list': {
    vi: 'Liệt kê gói hỗ trợ mà các nút cấp dưới đã gửi đến nút này',
    en: 'List the support bundles that the nodes below have sent to this one',
  },
  'help.support.show': { vi: 'Xem một gói có những gì', en: 'Show what is in one of them' },
  'help.support.save': {
    vi: 'Ghi một gói ra tệp, đúng như nút cấp dưới đã gửi',
    en: 'Write one to a file as it was sent',
  },
  'help.support.delete': { vi: 'Xoá một gói khỏi nút này', en: 'Delete one from this node' },
  'help.support.id': { vi: 'số của gói, theo support list', en: 'its number, as support list shows it' },
  'example.supportSend': {
    vi: 'gửi lên nút cấp trên, không cần đường mạng nào khác',
    en: 'to the node above, with no other network',
  },
  'example.supportList': { vi: 'ở nút cấp trên', en: 'at the node above' },
  'example.supportShow': { vi: 'những tệp trong gói số 3', en: 'the files in number 3' },
  'example.supportSave': { vi: 'rồi mở bằng tar -xzf', en: 'to be opened with tar -xzf' },
  'example.supportDelete': { vi: 'khi đã xem xong', en: 'when it was read' },
  'heading.support.sent': { vi: 'Gửi lúc', en: 'Sent' },
  'heading.support.received': { vi: 'Nhận lúc', en: 'Received' },
  'support.none': { vi: 'Chưa có gói hỗ trợ nào.', en: 'There are no support bundles.' },
  'support.sends': {
    vi: 'Gửi đến nút cấp trên {parent}: {size}, SHA-256 {sha256}.',
    en: 'Goes to the parent node {parent}: {size}, SHA-256 {sha256}.',
  },
  'support.ask': { vi: 'Gửi lên nút {parent}? (c/K)', en: 'Send it to {parent}? (y/N)' },
  'support.notSent': { vi: 'Không gửi.', en: 'Not sent.' },
  'support.arrived': { vi: 'Nút {parent} đã nhận lúc {time}.', en: '{parent} has it since {time}.' },
  'support.notYet': {
    vi: 'Đã nhận gửi, nhưng chưa biết nút {parent} đã có chưa; gói tự đi khi đường nối mở. Xem lại: lienthong track {uid}',
    en: 'Accepted, but whether {parent} has it is not known yet; it goes by itself when the link is open. Look again: lienthong track {uid}',
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
