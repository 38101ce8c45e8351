/** Commands about the nodes one administers from a desk: their help, and what they print. */
export const contextPhrases = {
  'help.context': { vi: 'Các nút quản trị từ máy này', en: 'The nodes one administers from this machine' },
  'help.context.add': {
    vi: 'Thêm hoặc thay một ngữ cảnh: tên riêng của một nút',
    en: 'Add or replace a context: a name for a node',
  },
  'help.context.list': { vi: 'Liệt kê các ngữ cảnh', en: 'List the contexts' },
  'help.context.select': {
    vi: 'Chọn nút mà các lệnh sau sẽ làm việc khi không ghi rõ nút nào',
    en: 'Select the node that commands speak to when they name none',
  },
  'help.context.remove': { vi: 'Bỏ một ngữ cảnh; không đụng tới nút', en: 'Forget a context; the node is not touched' },
  'help.context.name': { vi: 'Tên tự đặt cho nút', en: 'A name of your own for the node' },
  'option.context': {
    vi: 'Tên ngữ cảnh của nút (lienthong context list)',
    en: 'Name of the context of the node (lienthong context list)',
  },
  'option.context.url': {
    vi: 'Địa chỉ cổng HTTPS của nút, như https://h29.example:8443',
    en: 'Address of the HTTPS gateway of the node, such as https://h29.example:8443',
  },
  'option.context.key': {
    vi: 'Tệp chứa khoá người vận hành, chỉ chủ tệp được đọc (0600)',
    en: "File with the operator's key, readable by its owner only (0600)",
  },
  'option.context.ca': {
    vi: 'Tệp chứng thư (PEM) của nơi cấp chứng thư cho nút',
    en: "Certificates (PEM) of the authority behind the node's own",
  },
  'option.context.data': {
    vi: 'Thư mục dữ liệu của nút trên máy này, thay cho --url',
    en: 'Data folder of a node on this machine, instead of --url',
  },
  'option.context.select': { vi: 'Chọn luôn nút này', en: 'Select it as well' },
  'option.context.check': { vi: 'Hỏi tình trạng từng nút', en: 'Ask each node how it is doing' },
  'option.context.none': { vi: 'Không chọn nút nào', en: 'Select none' },
  'example.contextAdd': { vi: 'nút ở xa, bằng khoá người vận hành', en: "a node elsewhere, with an operator's key" },
  'example.contextAddHere': { vi: 'nút trên máy này, và chọn luôn', en: 'the node on this machine, selected at once' },
  'example.contextList': { vi: 'các nút đã khai báo', en: 'the nodes known here' },
  'example.contextListCheck': {
    vi: 'nút nào sống, tồn đọng bao nhiêu',
    en: 'which of them are well, and what waits there',
  },
  'example.contextSelect': { vi: 'từ nay làm việc với nút này', en: 'work with this node from now on' },
  'example.contextRemove': { vi: 'bỏ một nút khỏi máy này', en: 'forget a node on this machine' },
  'heading.context': { vi: 'Ngữ cảnh', en: 'Context' },
  'heading.place': { vi: 'Ở đâu', en: 'Where' },
  'heading.selected': { vi: 'Đang chọn', en: 'Selected' },
  'context.yes': { vi: 'có', en: 'yes' },
  'context.no': { vi: 'không', en: 'no' },
  'context.empty': { vi: 'Chưa có ngữ cảnh nào.', en: 'There is no context yet.' },
  'context.noneSelected': { vi: 'Không nút nào được chọn.', en: 'No node is selected.' },
  'context.removed': { vi: 'Đã bỏ {name}.', en: '{name} is forgotten.' },
  'usage.contextAdd': {
    vi: 'ghi --url và --key, hoặc chỉ --data',
    en: 'give --url and --key, or only --data',
  },
  'usage.contextUrl': {
    vi: '--url phải bắt đầu bằng https://, không có tên và mật khẩu; http:// chỉ cho máy này',
    en: '--url must begin with https://, without user and password; http:// is for this machine only',
  },
  'usage.contextSelect': { vi: 'ghi tên ngữ cảnh, hoặc --none', en: 'give the name of a context, or --none' },
} as const
