/** Commands about document software: their help, and what they print. */
export const systemPhrases = {
  'help.system': { vi: 'Phần mềm quản lý văn bản và thông tin xác thực', en: 'Document software and its credentials' },
  'help.system.add': {
    vi: 'Thêm hệ thống; in bí mật và khóa API một lần duy nhất',
    en: 'Add a system; prints its secret and API key once and never again',
  },
  'help.system.list': { vi: 'Liệt kê các hệ thống; không in bí mật', en: 'List the systems; no secrets' },
  'help.system.rotate': {
    vi: 'Cấp lại bí mật, khóa hoặc chứng thư; cái cũ còn hiệu lực trong thời gian gối nhau',
    en: 'Issue a new secret, key or certificate; older ones hold on while they overlap',
  },
  'help.system.change': {
    vi: 'Đổi cơ quan, tên hoặc quyền của hệ thống',
    en: 'Change the organisations, name or scopes of a system',
  },
  'help.system.disable': {
    vi: 'Khóa hệ thống: mọi truy cập chấm dứt ngay, văn bản trong hộp thư vẫn còn',
    en: 'Shut a system out at once; what waits in its mailboxes stays',
  },
  'help.system.id': {
    vi: 'Mã hệ thống: chữ, số, dấu chấm, gạch dưới, gạch nối',
    en: 'Id of the system: letters, digits, dot, underscore, hyphen',
  },
  'option.system.organisation': {
    vi: 'Cơ quan hệ thống được gửi và nhận thay (lặp lại được)',
    en: 'Organisation the system sends and receives for (may be repeated)',
  },
  'option.system.name': { vi: 'Tên cho người đọc', en: 'Name for people' },
  'option.system.scope': {
    vi: 'Quyền được làm (lặp lại được); bỏ trống là tất cả',
    en: 'What it may do (may be repeated); all when left out',
  },
  'option.system.only': {
    vi: 'Chỉ cấp bí mật (VXP, AMQP) hoặc chỉ cấp khóa API; bỏ trống là cả hai',
    en: 'Issue only a secret (VXP, AMQP) or only an API key; both when left out',
  },
  'option.system.kind': { vi: 'Loại cần cấp lại', en: 'What to issue anew' },
  'option.system.overlap': {
    vi: 'Cái cũ còn hiệu lực bao lâu, như 7d; 0s là hết ngay',
    en: 'How long older ones hold on, such as 7d; 0s for not at all',
  },
  'option.system.fingerprint': {
    vi: 'SHA-256 của chứng thư máy khách (DER), dạng thập lục phân',
    en: 'SHA-256 of the client certificate (DER), hexadecimal',
  },
  'option.system.undo': { vi: 'Cho hệ thống vào lại', en: 'Let the system in again' },
  'example.systemAdd': {
    vi: 'thêm phần mềm cho một cơ quan, nhận bí mật và khóa API',
    en: 'add software for one organisation, with a secret and an API key',
  },
  'example.systemAddKey': { vi: 'chỉ cấp khóa API, in dạng JSON', en: 'an API key only, as JSON' },
  'example.systemList': { vi: 'mọi hệ thống của nút', en: 'all systems of the node' },
  'example.systemRotate': {
    vi: 'thay khóa API, khóa cũ còn dùng 7 ngày',
    en: 'a new API key, the old one good for 7 days',
  },
  'example.systemRotateNow': { vi: 'bí mật bị lộ: thay ngay', en: 'a secret has leaked: replace it now' },
  'example.systemChange': { vi: 'cho phép thêm một cơ quan', en: 'one more organisation' },
  'example.systemDisable': { vi: 'khóa một hệ thống', en: 'shut one system out' },
  'heading.system': { vi: 'Hệ thống', en: 'System' },
  'heading.organisations': { vi: 'Cơ quan', en: 'Organisations' },
  'heading.scopes': { vi: 'Quyền', en: 'Scopes' },
  'heading.credentials': { vi: 'Xác thực', en: 'Credentials' },
  'system.none': { vi: 'Chưa có hệ thống nào.', en: 'There is no system yet.' },
  'system.active': { vi: 'hoạt động', en: 'active' },
  'system.declared': { vi: 'khai báo trong node.yaml', en: 'declared in node.yaml' },
  'system.disabled': { vi: 'bị khóa từ {at}', en: 'disabled since {at}' },
  'system.until': { vi: 'đến {at}', en: 'until {at}' },
  'system.unreadable': { vi: '(không đọc được, cần cấp lại)', en: '(unreadable, issue a new one)' },
  'system.secret': { vi: 'Bí mật:', en: 'Secret:' },
  'system.apiKey': { vi: 'Khóa API:', en: 'API key:' },
  'system.onlyOnce': {
    vi: 'Hãy cất giữ ngay: sẽ không in lại lần nào nữa.',
    en: 'Keep it safe now: it is never shown again.',
  },
} as const
