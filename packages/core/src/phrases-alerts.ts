/** What alerts say, and what their commands print. */
export const alertPhrases = {
  'help.alert': { vi: 'Cảnh báo qua thư và webhook', en: 'Alerts by mail and webhook' },
  'help.alert.test': {
    vi: 'Gửi thử một cảnh báo theo mục alerts của node.yaml; nút không cần đang chạy',
    en: 'Send one alert as node.yaml says under alerts; the node need not run',
  },
  'help.alert.list': {
    vi: 'Những gì đang được cảnh báo, và những tin còn chờ gửi',
    en: 'What alerts stand, and what waits to be told',
  },
  'example.alertTest': { vi: 'xem thư có tới nơi không', en: 'see whether mail arrives' },
  'example.alertList': { vi: 'các cảnh báo hiện tại', en: 'alerts as they stand' },
  'heading.alert': { vi: 'Cảnh báo', en: 'Alert' },
  'heading.way': { vi: 'Đường gửi', en: 'Way' },
  'heading.error': { vi: 'Lỗi', en: 'Error' },
  'alert.way.mail': { vi: 'thư', en: 'mail' },
  'alert.way.webhook': { vi: 'webhook', en: 'webhook' },
  'alert.phase.pending': { vi: 'đang xem, chưa báo', en: 'watched, not told yet' },
  'alert.phase.raised': { vi: 'đã báo', en: 'told' },
  'alert.none': { vi: 'Không có cảnh báo nào.', en: 'No alert stands.' },
  'alert.queued': { vi: '{count} tin chờ gửi, thử lại lúc {at}', en: '{count} to be told, next try {at}' },
  'alert.nothingQueued': { vi: 'không có tin nào chờ', en: 'nothing waits' },
  'alert.sent': { vi: 'đã gửi', en: 'sent' },
  'alert.test.subject': { vi: 'Liên Thông {node}: thư thử', en: 'Liên Thông {node}: a test' },
  'alert.test.body': {
    vi: 'Đây là cảnh báo thử của nút {node}. Nhận được thư này nghĩa là cảnh báo thật cũng tới được đây.',
    en: 'This is a test of the alerts of node {node}. Where it arrives, real ones will.',
  },
  'alert.subject': { vi: 'Liên Thông {node}: {level} – {text}', en: 'Liên Thông {node}: {level} – {text}' },
  'alert.subjectMore': {
    vi: 'Liên Thông {node}: {level} – {text}, và {more} việc khác',
    en: 'Liên Thông {node}: {level} – {text}, and {more} more',
  },
  'alert.signature': { vi: 'Nút {node}, Liên Thông', en: 'Node {node}, Liên Thông' },
  'alert.since': { vi: 'Từ {since}, xem lần cuối {at}', en: 'Since {since}, last seen {at}' },
  'alert.period': { vi: 'Từ {since} đến {at}', en: 'From {since} to {at}' },
  'alert.more': { vi: 'Và {count} việc khác.', en: 'And {count} more.' },
  'alert.level.warning': { vi: 'cảnh báo', en: 'warning' },
  'alert.level.critical': { vi: 'nghiêm trọng', en: 'critical' },
  'alert.level.still': { vi: 'vẫn còn, {level}', en: 'still {level}' },
  'alert.level.over': { vi: 'đã hết', en: 'over' },
  'alert.minutes': { vi: '{count} phút', en: '{count} min' },
  'alert.hours': { vi: '{count} giờ', en: '{count} h' },
  'alert.days': { vi: '{count} ngày', en: '{count} days' },

  'alert.bad.node': { vi: 'Nút không cho biết tình trạng của mình', en: 'The node cannot say how it does' },
  'alert.bad.broker': { vi: 'Không nối được tới máy chủ hàng đợi của nút', en: "The node's broker is away" },
  'alert.bad.link': { vi: 'Đường nối với {about} không mở', en: 'The link with {about} is not open' },
  'alert.bad.queue': { vi: 'Văn bản cũ nhất đã chờ {value}', en: 'The oldest document has waited {value}' },
  'alert.bad.dead': { vi: '{value} mục không chuyển được đang nằm lại', en: '{value} dead letters are kept' },
  'alert.bad.disk': { vi: 'Ổ đĩa {about} chỉ còn trống {value}%', en: 'The disk {about} has {value}% free' },
  'alert.bad.key': { vi: 'Khóa {about} còn hạn {value} ngày', en: 'The key {about} ends in {value} days' },
  'alert.bad.certificate': {
    vi: 'Chứng thư {about} còn hạn {value} ngày',
    en: 'The certificate {about} ends in {value} days',
  },
  'alert.bad.drift': {
    vi: 'Bảng định tuyến cũ hơn bảng của nút trên {about} {value} phiên bản',
    en: 'The routing table is {value} versions behind that of {about}',
  },

  'alert.over.node': { vi: 'Nút lại cho biết tình trạng của mình', en: 'The node says again how it does' },
  'alert.over.broker': { vi: 'Đã nối lại máy chủ hàng đợi của nút', en: "The node's broker is back" },
  'alert.over.link': { vi: 'Đường nối với {about} đã mở lại', en: 'The link with {about} is open again' },
  'alert.over.queue': { vi: 'Không còn văn bản nào chờ lâu', en: 'No document waits for long any more' },
  'alert.over.dead': { vi: 'Không còn mục nào không chuyển được', en: 'No dead letters are kept any more' },
  'alert.over.disk': { vi: 'Ổ đĩa {about} đã đủ chỗ trống', en: 'The disk {about} has room again' },
  'alert.over.key': { vi: 'Khóa {about} không còn sắp hết hạn', en: 'The key {about} is not about to end any more' },
  'alert.over.certificate': {
    vi: 'Chứng thư {about} không còn sắp hết hạn',
    en: 'The certificate {about} is not about to end any more',
  },
  'alert.over.drift': {
    vi: 'Bảng định tuyến đã theo kịp nút trên {about}',
    en: 'The routing table has caught up with that of {about}',
  },

  'alert.do.node': { vi: 'Xem nhật ký của nút và ổ đĩa.', en: "Look at the node's log and its disk." },
  'alert.do.broker': {
    vi: 'Xem RabbitMQ có chạy không; văn bản vẫn được nhận và sẽ chờ.',
    en: 'See whether RabbitMQ runs; documents are still taken and wait.',
  },
  'alert.do.link': {
    vi: 'Chạy lienthong link show {about}; văn bản qua đường này đang chờ, nơi khác không bị chậm.',
    en: 'Run lienthong link show {about}; documents on this way wait, and nobody else is delayed.',
  },
  'alert.do.queue': {
    vi: 'Chạy lienthong link list để xem đường nào đang giữ.',
    en: 'Run lienthong link list to see which way holds them.',
  },
  'alert.do.dead': {
    vi: 'Tìm mã lỗi trong nhật ký; thư trong đó cần người xem.',
    en: 'Find their codes in the log; they need somebody to look at them.',
  },
  'alert.do.disk': {
    vi: 'Giải phóng hoặc mở rộng ổ đĩa; khi đầy, nút từ chối văn bản mới.',
    en: 'Free or add space; a node with a full disk refuses new documents.',
  },
  'alert.do.key': {
    vi: 'Thay bằng lienthong key rotate trước khi hết hạn.',
    en: 'Replace it with lienthong key rotate before it ends.',
  },
  'alert.do.certificate': {
    vi: 'Cấp chứng thư mới rồi ghim lại bằng lienthong key certificate add.',
    en: 'Get a new one and pin it with lienthong key certificate add.',
  },
  'alert.do.drift': {
    vi: 'Cập nhật danh bạ của nút này cho bằng nút trên.',
    en: 'Bring the directory of this node up to that of the node above.',
  },
} as const
