/** Commands about those who administer nodes from elsewhere: their help, and what they print. */
export const operatorPhrases = {
  'help.operator': { vi: 'Người quản trị nút từ xa', en: 'People who administer the node from elsewhere' },
  'help.operator.add': {
    vi: 'Thêm người vận hành; in khoá một lần duy nhất',
    en: 'Add an operator; prints the key once and never again',
  },
  'help.operator.list': { vi: 'Liệt kê người vận hành; không in khoá', en: 'List the operators; no keys' },
  'help.operator.rotate': {
    vi: 'Cấp khoá mới; khoá cũ còn hiệu lực trong thời gian gối nhau',
    en: 'Issue a new key; older ones hold on while they overlap',
  },
  'help.operator.change': { vi: 'Đổi tên hoặc vai trò', en: 'Change the name or role of an operator' },
  'help.operator.disable': {
    vi: 'Khoá người vận hành: mọi truy cập từ xa chấm dứt ngay',
    en: 'Shut an operator out at once',
  },
  'help.operator.id': {
    vi: 'Mã người vận hành: chữ, số, dấu chấm, gạch dưới, gạch nối',
    en: 'Id of the operator: letters, digits, dot, underscore, hyphen',
  },
  'option.operator.role': {
    vi: 'viewer: xem; operator: xem, xử lý văn bản và đường nối; administrator: tất cả',
    en: 'viewer: look; operator: look, act on documents and links; administrator: everything',
  },
  'option.operator.name': { vi: 'Tên cho người đọc', en: 'Name for people' },
  'option.operator.overlap': {
    vi: 'Khoá cũ còn hiệu lực bao lâu, như 7d; 0s là hết ngay',
    en: 'How long older keys hold on, such as 7d; 0s for not at all',
  },
  'option.operator.undo': { vi: 'Cho người vận hành vào lại', en: 'Let the operator in again' },
  'example.operatorAdd': {
    vi: 'thêm người trực, được xử lý đường nối và văn bản',
    en: 'somebody on duty, who may act on links and documents',
  },
  'example.operatorList': { vi: 'ai quản trị được nút này từ xa', en: 'who may administer this node from elsewhere' },
  'example.operatorRotate': { vi: 'khoá bị lộ: thay ngay', en: 'a key has leaked: replace it now' },
  'example.operatorChange': { vi: 'từ nay chỉ được xem', en: 'may only look from now on' },
  'example.operatorDisable': { vi: 'người này đã nghỉ', en: 'this person has left' },
  'heading.operator': { vi: 'Người vận hành', en: 'Operator' },
  'heading.role': { vi: 'Vai trò', en: 'Role' },
  'heading.keys': { vi: 'Khoá', en: 'Keys' },
  'operator.none': { vi: 'Chưa có người vận hành nào.', en: 'There is no operator yet.' },
  'operator.active': { vi: 'hoạt động', en: 'active' },
  'operator.disabled': { vi: 'bị khoá từ {at}', en: 'disabled since {at}' },
  'operator.since': { vi: 'từ {at}', en: 'since {at}' },
  'operator.until': { vi: 'từ {since} đến {until}', en: 'since {since} until {until}' },
  'operator.key': { vi: 'Khoá:', en: 'Key:' },
  'operator.onlyOnce': {
    vi: 'Hãy giao khoá này cho đúng người: sẽ không in lại lần nào nữa.',
    en: 'Hand this key to its person: it is never shown again.',
  },
} as const
