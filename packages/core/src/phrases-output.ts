/** What commands print: headings, states, remarks. */
export const outputPhrases = {
  'heading.accepted': { vi: 'Tiếp nhận', en: 'Accepted' },
  'heading.assemblies': { vi: 'Đang ghép', en: 'Assembling' },
  'heading.backlog': { vi: 'Tồn đọng', en: 'Backlog' },
  'heading.broker': { vi: 'Máy chủ hàng đợi', en: 'Broker' },
  'heading.collected': { vi: 'Đã nhận', en: 'Collected' },
  'heading.delivered': { vi: 'Đã đến', en: 'Delivered' },
  'heading.directory': { vi: 'Danh bạ', en: 'Directory' },
  'heading.dispatched': { vi: 'Đã chuyển', en: 'Dispatched' },
  'heading.documentId': { vi: 'Mã định danh', en: 'DocumentId' },
  'heading.file': { vi: 'Tệp', en: 'File' },
  'heading.from': { vi: 'Nơi gửi', en: 'From' },
  'heading.id': { vi: 'Số', en: 'ID' },
  'heading.instance': { vi: 'Lần chạy', en: 'Instance' },
  'heading.link': { vi: 'Đường lên cấp trên', en: 'Link to parent' },
  'heading.next': { vi: 'Tới', en: 'Next' },
  'heading.node': { vi: 'Nút', en: 'Node' },
  'heading.number': { vi: 'Số, ký hiệu', en: 'Number' },
  'heading.outcome': { vi: 'Kết quả', en: 'Outcome' },
  'heading.path': { vi: 'Đường đi', en: 'Path' },
  'heading.reason': { vi: 'Lý do', en: 'Reason' },
  'heading.recipient': { vi: 'Nơi nhận', en: 'Recipient' },
  'heading.recipients': { vi: 'Nơi nhận', en: 'Recipients' },
  'heading.sha256': { vi: 'SHA-256', en: 'SHA-256' },
  'heading.size': { vi: 'Dung lượng', en: 'Size' },
  'heading.state': { vi: 'Tình trạng', en: 'State' },
  'heading.status': { vi: 'Xử lý', en: 'Status' },
  'heading.subject': { vi: 'Trích yếu', en: 'Subject' },
  'heading.tier': { vi: 'Cấp', en: 'Tier' },
  'heading.to': { vi: 'Nơi nhận', en: 'To' },
  'heading.uid': { vi: 'UID', en: 'UID' },
  'heading.versions': { vi: 'Phiên bản', en: 'Versions' },

  'outcome.new': { vi: 'gửi mới', en: 'new' },
  'outcome.already': { vi: 'đã gửi trước đó', en: 'already sent' },

  'submit.warnings': {
    vi: 'Gói tin đã được tiếp nhận, nhưng cần lưu ý:',
    en: 'The packet was taken, but note:',
  },

  'state.accepted': { vi: 'đã tiếp nhận', en: 'accepted' },
  'state.dispatched': { vi: 'đã chuyển đi', en: 'dispatched' },
  'state.delivered': { vi: 'đã đến hộp thư', en: 'delivered' },
  'state.collected': { vi: 'đã nhận', en: 'collected' },
  'state.undeliverable': { vi: 'không chuyển được', en: 'undeliverable' },
  'state.stopped': { vi: 'đã dừng', en: 'stopped' },
  'state.provisional': { vi: 'chưa chắc chắn', en: 'provisional' },
  'state.overdue': { vi: 'quá hạn', en: 'overdue' },
  'state.generation': { vi: 'lần gửi {generation}', en: 'sending {generation}' },

  'change.asked': { vi: 'đã đề nghị lấy lại, thu hồi hoặc cập nhật', en: 'take-back, recall or update asked' },
  'change.agreed': { vi: 'đồng ý lấy lại hoặc cập nhật', en: 'take-back or update agreed' },
  'change.declined': { vi: 'không đồng ý lấy lại hoặc cập nhật', en: 'take-back or update declined' },

  'mailbox.empty': { vi: 'Hộp thư không có văn bản đang chờ.', en: 'Nothing is waiting in the mailbox.' },
  'mailbox.more': { vi: 'Còn nữa: thêm --after {after}', en: 'There is more: add --after {after}' },

  'routes.mailbox': { vi: 'hộp thư', en: 'mailbox' },
  'routes.members': { vi: '{count} cơ quan trong nhóm', en: '{count} organisations of the group' },
  'routes.more': { vi: '{named} và {more} nơi khác', en: '{named} and {more} more' },
  'routes.directory': { vi: 'phiên bản {version}', en: 'version {version}' },
  'routes.by.code': { vi: '{organ}, do nút {node} phục vụ', en: '{organ}, served by node {node}' },
  'routes.by.group': { vi: '{organ}, do nút {node} phục vụ', en: '{organ}, served by node {node}' },
  'routes.by.successor': {
    vi: '{organ}, do nút {node} phục vụ (kế thừa {written}, đã kết thúc sau ngày {validTo})',
    en: '{organ}, served by node {node} (successor of {written}, which closed after {validTo})',
  },
  'routes.by.prefix': {
    vi: '{organ}, do nút {node} phục vụ (danh bạ không có {written}, lấy phần đầu dài nhất của mã)',
    en: '{organ}, served by node {node} ({written} is not in the directory: longest prefix)',
  },
  'routes.by.zeroing': {
    vi: '{organ}, do nút {node} phục vụ (danh bạ không có {written}, lấy cấp trên theo mã)',
    en: '{organ}, served by node {node} ({written} is not in the directory: its superior by the code)',
  },
  'routes.by.converted': {
    vi: '{organ}, do nút {node} phục vụ (danh bạ không có {written}, đổi sang dạng mã kia)',
    en: '{organ}, served by node {node} ({written} is not in the directory: converted to the other form)',
  },
  'routes.reason.servedHere': { vi: 'nút này phục vụ nơi nhận', en: 'this node serves the recipient' },
  'routes.reason.belowChild': {
    vi: '{serving} thuộc nhánh của nút con {next}',
    en: '{serving} lies in the subtree of child {next}',
  },
  'routes.reason.notBelow': {
    vi: '{serving} không thuộc nhánh của {node}, nên lên cấp trên',
    en: '{serving} does not lie below {node}, so up to the parent',
  },
  'routes.reason.redirected': {
    vi: 'ngoại lệ của {node}: chuyển qua {next}',
    en: 'an exception at {node} sends it by {next}',
  },
  'routes.reason.noWay': {
    vi: 'không có đường tới {serving}: nút gốc không có cấp trên',
    en: 'no way to {serving}: the root has no parent',
  },

  'status.brokerOpen': { vi: 'đã kết nối', en: 'connected' },
  'status.brokerClosed': { vi: 'mất kết nối', en: 'not connected' },
  'status.blocked': { vi: 'đang bị chặn ({reason})', en: 'blocked ({reason})' },
  'status.noParent': { vi: 'nút gốc, không có cấp trên', en: 'root, no parent' },
  'status.backlog': {
    vi: '{documents} văn bản chưa xong, {copies} bản chờ chuyển',
    en: '{documents} documents unsettled, {copies} copies to send',
  },
  'status.handover': {
    vi: 'còn {rows} mục trong hộp văn bản chuyển sang nút khác',
    en: '{rows} rows of mailboxes still to go to other nodes',
  },
  'status.versions': {
    vi: 'bảng định tuyến {table}, danh bạ {directory}',
    en: 'routing table {table}, directory {directory}',
  },
  'link.closed': { vi: 'đóng', en: 'closed' },
  'link.opening': { vi: 'đang mở', en: 'opening' },
  'link.open': { vi: 'thông suốt', en: 'open' },
  'link.stalled': { vi: 'không thấy cấp trên trả lời', en: 'stalled' },
  'link.blocked': { vi: 'đang bị chặn', en: 'blocked' },

  'node.ready': {
    vi: 'Nút {node} sẵn sàng; máy chủ hàng đợi {broker}; đường lên cấp trên: {link}',
    en: 'Node {node} is ready; broker {broker}; link to parent: {link}',
  },
  'node.brokerAway': {
    vi: 'Nút {node}: chưa kết nối được máy chủ hàng đợi {broker}; nút tự thử lại cho đến khi được. (BROKER_UNREACHABLE)',
    en: 'Node {node}: broker {broker} cannot be reached; the node keeps trying. (BROKER_UNREACHABLE)',
  },
  'node.stopping': {
    vi: 'Đang dừng, chờ việc dở dang; nhấn lần nữa để dừng ngay.',
    en: 'Stopping after the work in hand; once more to stop at once.',
  },
} as const
