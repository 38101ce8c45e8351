/** What the doctor finds: the cause in a sentence, and what mends it. A command stands alone in its line. */
export const doctorPhrases = {
  'help.doctor': {
    vi: 'Tìm chỗ hỏng đầu tiên, nguyên nhân và lệnh để sửa; chạy được cả khi nút hoặc máy chủ hàng đợi đã chết',
    en: 'Find the first broken thing, its cause and the command that mends it; works with the node or its broker down',
  },
  'example.doctor': { vi: 'chạy trên máy của nút', en: 'on the machine of the node' },
  'example.doctorFrom': { vi: 'từ xa, thấy được những gì nút nói', en: 'from elsewhere, by what the node says' },
  'doctor.well': { vi: 'Không thấy gì hỏng.', en: 'Nothing is broken.' },
  'doctor.cause': { vi: 'Hỏng:', en: 'Broken:' },
  'doctor.notice': { vi: 'Nên xem:', en: 'Worth a look:' },
  'doctor.mend': { vi: 'Sửa:', en: 'To mend it:' },
  'doctor.also': { vi: 'Ngoài ra:', en: 'Also:' },
  'doctor.config': { vi: 'Cấu hình {file} có lỗi: {reason}', en: 'The configuration {file} is not right: {reason}' },
  'doctor.dataMissing': { vi: 'Không có thư mục dữ liệu {path}.', en: 'The data folder {path} is not there.' },
  'doctor.dataDenied': {
    vi: 'Người dùng này không được ghi vào thư mục dữ liệu {path}.',
    en: 'This user may not write to the data folder {path}.',
  },
  'doctor.diskFull': {
    vi: 'Ổ đĩa của {path} gần đầy: còn {percent} %.',
    en: 'The disk of {path} is nearly full: {percent} % left.',
  },
  'doctor.brokerAway': {
    vi: 'Máy chủ hàng đợi của nút tại {place} không trả lời ({reason}).',
    en: "The node's own broker at {place} does not answer ({reason}).",
  },
  'doctor.managementAway': {
    vi: 'Giao diện quản trị của máy chủ hàng đợi tại {place} không trả lời ({reason}).',
    en: 'The management interface of the broker at {place} does not answer ({reason}).',
  },
  'doctor.managementDenied': {
    vi: 'Máy chủ hàng đợi không nhận tài khoản {user} hoặc mật khẩu của nó.',
    en: 'The broker does not take the account {user} or its password.',
  },
  'doctor.nodeDown': {
    vi: 'Nút không chạy, hoặc không trả lời ({reason}).',
    en: 'The node is not running, or does not answer ({reason}).',
  },
  'doctor.nodeDenied': {
    vi: 'Nút chạy nhưng không cho người dùng này hỏi ({reason}).',
    en: 'The node runs and does not let this user ask ({reason}).',
  },
  'doctor.brokerClosed': {
    vi: 'Nút không nối được với máy chủ hàng đợi của mình ({reason}).',
    en: 'The node has no connection to its own broker ({reason}).',
  },
  'doctor.brokerBlocked': {
    vi: 'Máy chủ hàng đợi của nút ngừng nhận vì thiếu bộ nhớ hoặc đĩa ({reason}).',
    en: "The node's own broker takes nothing for lack of memory or disk ({reason}).",
  },
  'doctor.keyEnded': {
    vi: 'Khoá niêm phong {name} của nút đã hết hạn hoặc không còn được bảo lãnh.',
    en: 'The sealing key {name} of the node has ended or is no longer vouched for.',
  },
  'doctor.parentAway': {
    vi: 'Không tới được máy chủ hàng đợi của nút trên {node} tại {place} ({reason}); văn bản gửi lên đang chờ.',
    en: 'The broker of the node above, {node}, is not reached at {place} ({reason}); what goes up waits.',
  },
  'doctor.parentTls': {
    vi: 'Chứng thư của máy chủ hàng đợi của nút trên {node} không được chấp nhận ({reason}).',
    en: 'The certificate of the broker of the node above, {node}, is not accepted ({reason}).',
  },
  'doctor.parentDenied': {
    vi: 'Nút trên {node} không nhận tài khoản của nút này ({reason}).',
    en: 'The node above, {node}, does not take the account of this node ({reason}).',
  },
  'doctor.parentSilent': {
    vi: 'Máy chủ hàng đợi của nút trên {node} vẫn nhận, nhưng chính nút đó không trả lời.',
    en: 'The broker of the node above, {node}, takes what is sent, and the node itself does not answer.',
  },
  'doctor.linkStopped': {
    vi: 'Đường nối với {node} bị dừng theo lệnh của {by}: {reason}',
    en: 'The link with {node} is stopped by order of {by}: {reason}',
  },
  'doctor.linkDown': {
    vi: 'Đường nối với {node} không thông: {reason}.',
    en: 'The link with {node} is not open: {reason}.',
  },
  'doctor.childSilent': {
    vi: 'Không nghe thấy nút dưới {node}; văn bản cho nơi đó đang chờ.',
    en: 'The node below, {node}, is not heard; what is for it waits.',
  },
  'doctor.backlog': {
    vi: 'Văn bản chờ lâu nhất đã {minutes} phút, dù các đường nối đều thông.',
    en: 'A document has waited for {minutes} minutes although every link is open.',
  },
  'doctor.endsSoon': { vi: '{name} hết hạn sau {days} ngày.', en: '{name} ends in {days} days.' },
  'doctor.diskLow': { vi: 'Ổ đĩa của {path} còn {percent} %.', en: 'The disk of {path} has {percent} % left.' },
  'doctor.ask.parent': {
    vi: 'Báo cho quản trị viên của nút trên; ở đây không phải làm gì, văn bản chờ sẽ tự đi tiếp.',
    en: 'Tell the administrator of the node above; nothing needs to be done here, what waits goes on by itself.',
  },
  'doctor.ask.child': {
    vi: 'Hỏi quản trị viên của nút đó; ở đây không phải làm gì, văn bản chờ sẽ tự đi tiếp.',
    en: 'Ask the administrator of that node; nothing needs to be done here, what waits goes on by itself.',
  },
} as const
