/** What is wrong in a configuration or directory file, said after its place. */
export const configPhrases = {
  'config.ok': { vi: '{file}: hợp lệ, nút {node}', en: '{file}: valid, node {node}' },
  'config.warning': { vi: 'cảnh báo: {text}', en: 'warning: {text}' },
  'config.missing': { vi: 'thiếu', en: 'missing' },
  'config.empty': { vi: 'không được để trống', en: 'must not be empty' },
  'config.wrong': { vi: 'không đúng', en: 'is not right' },
  'config.unknownKey': { vi: 'khóa lạ; ở đây có: {known}', en: 'unknown key; known here: {known}' },
  'config.unknownKeyNear': {
    vi: 'khóa lạ, có phải ý bạn là "{near}"?',
    en: 'unknown key, did you mean "{near}"?',
  },
  'config.duplicateKey': { vi: 'khóa này đã ghi ở trên', en: 'this key stands above already' },
  'config.yamlSyntax': { vi: 'sai cú pháp YAML ({code})', en: 'not well-formed YAML ({code})' },
  'config.expectText': {
    vi: 'phải là chữ; nếu là số, hãy đặt trong dấu nháy',
    en: 'must be text; put a number in quotes',
  },
  'config.expectList': { vi: 'phải là danh sách', en: 'must be a list' },
  'config.expectKeys': { vi: 'phải có các khóa bên trong', en: 'must have keys of its own' },
  'config.expectUnit': { vi: 'phải là số kèm đơn vị', en: 'must be a number with its unit' },
  'config.choice': { vi: 'chỉ được chọn: {choices}', en: 'must be one of: {choices}' },
  'config.count': { vi: 'phải là số nguyên từ 1', en: 'must be a whole number from 1' },
  'config.bytes': {
    vi: 'phải là dung lượng như 64MiB (B, KiB, MiB, GiB, TiB) hoặc số byte',
    en: 'must be a size such as 64MiB (B, KiB, MiB, GiB, TiB) or a number of bytes',
  },
  'config.duration': {
    vi: 'phải là thời gian như 30s (ms, s, m, h, d)',
    en: 'must be a time such as 30s (ms, s, m, h, d)',
  },
  'config.code': {
    vi: 'phải là mã từ 1 đến 35 ký tự gồm chữ cái, chữ số và dấu chấm',
    en: 'must be a code of 1 to 35 letters, digits and dots',
  },
  'config.secretInline': {
    vi: 'không ghi bí mật vào tệp này; dùng file: (đường dẫn tệp) hoặc env: (tên biến môi trường)',
    en: 'never write a secret here; use file: (path of a file) or env: (name of a variable)',
  },
  'config.secretForm': {
    vi: 'phải có đúng một trong hai: file: (đường dẫn tệp) hoặc env: (tên biến môi trường)',
    en: 'must have exactly one of file: (path of a file) or env: (name of a variable)',
  },
  'config.secretEmpty': { vi: 'tệp {file} rỗng', en: 'the file {file} is empty' },
  'config.envMissing': {
    vi: 'biến môi trường {name} chưa đặt hoặc rỗng',
    en: 'the variable {name} is not set, or empty',
  },
  'config.openToOthers': {
    vi: 'mọi người dùng trên máy đọc được {file} ({mode}); chạy chmod 600',
    en: 'everyone on this machine can read {file} ({mode}); run chmod 600',
  },
  'config.unreadable': { vi: 'không đọc được {file} ({reason})', en: 'cannot read {file} ({reason})' },
  'config.brokerUrl': {
    vi: 'phải là địa chỉ như amqps://may-chu:5671',
    en: 'must be an address such as amqps://host:5671',
  },
  'config.brokerTls': {
    vi: 'ngoài máy này phải dùng amqps://',
    en: 'must be amqps:// unless the broker is on this machine',
  },
  'config.managementUrl': {
    vi: 'phải là địa chỉ như http://127.0.0.1:15672',
    en: 'must be an address such as http://127.0.0.1:15672',
  },
  'config.managementLoopback': {
    vi: 'cổng quản trị chỉ được ở trên máy này (127.0.0.1)',
    en: 'the management interface must be on this machine (127.0.0.1)',
  },
  'config.urlCredentials': {
    vi: 'không ghi tài khoản, mật khẩu trong địa chỉ',
    en: 'must not contain user or password',
  },
  'config.urlPath': {
    vi: 'chỉ ghi máy chủ và cổng; vhost ghi ở khóa vhost',
    en: 'must be host and port only; the vhost has its own key',
  },
  'config.publicKey': {
    vi: 'phải là khóa công khai Ed25519 (43 ký tự base64url)',
    en: 'must be an Ed25519 public key (43 characters of base64url)',
  },
  'config.instant': {
    vi: 'phải là ngày như 2026-07-01 hoặc thời điểm như 2026-07-01T08:00:00+07:00',
    en: 'must be a day such as 2026-07-01 or an instant such as 2026-07-01T08:00:00+07:00',
  },
  'config.kid': {
    vi: 'phải là mã nút, dấu # và số từ 1, như H29#1',
    en: 'must be a node, # and a number from 1: H29#1',
  },
  'config.kidOfOther': { vi: 'không phải khóa của nút {id}', en: 'is not the name of a key of node {id}' },
  'config.signature': {
    vi: 'phải là chữ ký Ed25519 (86 ký tự base64url)',
    en: 'must be an Ed25519 signature (86 characters of base64url)',
  },
  'config.fingerprint': {
    vi: 'phải là SHA-256 của chứng thư (64 chữ số thập lục phân, chữ thường)',
    en: 'must be the SHA-256 of the certificate (64 lower-case hexadecimal digits)',
  },
  'config.keyNotVouched': {
    vi: 'khóa {kid} chưa được bảo đảm từ khóa gốc; không nút nào tin dấu niêm phong của nó',
    en: 'nobody the roots lead to vouches for {kid}; no node believes its seals',
  },
  'config.keyEnds': {
    vi: 'khóa {kid} hết hạn ngày {day}; thay bằng lienthong key rotate',
    en: 'the key {kid} ends on {day}; replace it with lienthong key rotate',
  },
  'config.keyInvalid': {
    vi: '{file} không phải khóa riêng Ed25519 dạng PKCS#8 PEM; tạo bằng lienthong key create',
    en: '{file} is not an Ed25519 private key in PKCS#8 PEM; make one with lienthong key create',
  },
  'config.keyUnknown': {
    vi: 'danh bạ không có phần công khai của {file} cho nút {id}',
    en: 'the directory has no public part of {file} for node {id}',
  },
  'config.keyOther': {
    vi: '{file} là khoá {kid}, không phải khoá của nút này',
    en: '{file} is the key {kid}, which is not of this node',
  },
  'config.livingOnly': {
    vi: 'chỉ dùng cùng directory; không có directory thì nút tự giữ cấp trên và cấp dưới: node join, node invite',
    en: 'goes with directory only; without it the node keeps parent and children itself: node join, node invite',
  },
  'config.publishedOnly': {
    vi: 'chỉ dùng khi không có directory, tức nút tự giữ danh bạ',
    en: 'goes without directory only, when the node keeps its directory itself',
  },
  'config.notInDirectory': { vi: 'danh bạ không có {id}', en: 'the directory does not know {id}' },
  'config.twice': { vi: '{id} đã có ở trên', en: '{id} stands above already' },
  'config.day': {
    vi: 'phải là ngày có thật, viết như 2025-06-30',
    en: 'must be a day that exists, such as 2025-06-30',
  },
  'config.parentDiffers': {
    vi: 'theo danh bạ, cấp trên của nút này là {id}; sửa khóa parent',
    en: 'by the directory the parent of this node is {id}; mend the key parent',
  },
  'config.parentNone': {
    vi: 'theo danh bạ nút này là gốc, không có cấp trên',
    en: 'by the directory this node is the root and has no parent',
  },
  'config.notChild': {
    vi: 'theo danh bạ, {id} không phải nút con trực tiếp',
    en: 'by the directory {id} is not a child of this node',
  },
  'config.childMissing': {
    vi: 'danh bạ có nút con {id} nhưng ở đây không có; văn bản gửi tới đó sẽ chờ',
    en: 'the directory has the child {id}, which is not listed here; documents for it will wait',
  },
  'config.notServed': {
    vi: 'theo danh bạ, nút này không phục vụ {id}',
    en: 'by the directory this node does not serve {id}',
  },
  'config.listen': {
    vi: 'ghi địa chỉ và cổng, ví dụ 127.0.0.1:8080',
    en: 'write an address and a port, such as 127.0.0.1:8080',
  },
  'config.networks': {
    vi: 'ghi các mạng dạng CIDR, ví dụ 10.0.0.0/8',
    en: 'write networks as CIDR, such as 10.0.0.0/8',
  },
  'config.target': {
    vi: 'ghi mạng dạng CIDR như 10.0.0.0/8, hoặc tên máy chủ không kèm https:// và cổng',
    en: 'write a network as CIDR, such as 10.0.0.0/8, or a host name without https:// and port',
  },
  'config.authorities': {
    vi: '{file} không có chứng thư nào, hoặc có chứng thư không đọc được (PEM)',
    en: '{file} holds no certificate, or one that cannot be read (PEM)',
  },
  'config.alertNowhere': {
    vi: 'cần mail hoặc webhook, nếu không thì không ai được báo',
    en: 'has neither mail nor webhook: nobody would be told',
  },
  'config.mailAddress': {
    vi: 'phải là một địa chỉ thư như truc@tinh.example hoặc Trực <truc@tinh.example>',
    en: 'must be one address such as it@province.example or IT <it@province.example>',
  },
  'config.mailLogin': { vi: 'user và password phải đi cùng nhau', en: 'user and password go together' },
  'config.smtp': {
    vi: 'phải là địa chỉ như smtps://may-chu:465, hoặc smtp://may-chu:587 (chuyển sang TLS; trên máy này thì không cần)',
    en: 'must be an address such as smtps://host:465, or smtp://host:587 (goes over to TLS; on this machine need not)',
  },
  'config.hookUrl': {
    vi: 'phải là địa chỉ như https://may-chu/duong-dan',
    en: 'must be an address such as https://host/path',
  },
  'config.hookTls': { vi: 'ngoài máy này phải dùng https://', en: 'must be https:// unless it is on this machine' },
  'config.hookSecret': {
    vi: 'phải là whsec_ và từ 24 đến 64 byte viết bằng base64; tạo bằng: echo "whsec_$(openssl rand -base64 32)"',
    en: 'must be whsec_ and 24 to 64 bytes in base64; make one: echo "whsec_$(openssl rand -base64 32)"',
  },
  'config.withoutHttp': { vi: 'không có tác dụng khi thiếu http', en: 'has no effect without http' },
  'config.socketPath': {
    vi: 'đường dẫn quá dài: {path} có {bytes} byte, hệ điều hành cho phép {limit}',
    en: 'path too long: {path} has {bytes} bytes, the system allows {limit}',
  },
  'config.firstAfterMax': { vi: 'lớn hơn custody.maxQuery', en: 'is more than custody.maxQuery' },
} as const
