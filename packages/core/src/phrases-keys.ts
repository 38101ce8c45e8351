/** Commands about keys and certificates: their help, and what they print. */
export const keyPhrases = {
  'help.key': { vi: 'Khóa niêm phong của nút', en: 'Sealing keys of nodes' },
  'help.key.create': {
    vi: 'Tạo khóa mới (tệp chỉ chủ sở hữu đọc được) và in khóa công khai cho danh bạ',
    en: 'Create a key (file readable by its owner only) and print its public part for the directory',
  },
  'help.key.show': {
    vi: 'Xem phần công khai của khóa và tình trạng trong danh bạ; không bao giờ in phần riêng',
    en: 'Show the public part of a key and its state in the directory; never the private part',
  },
  'help.key.rotate': {
    vi: 'Thay khóa: tạo khóa kế tiếp, khóa cũ ký bàn giao; hai khóa cùng hiệu lực trong thời gian gối nhau',
    en: 'Replace a key: make the next, have the old one sign the hand-over; both are valid while they overlap',
  },
  'help.key.vouch': {
    vi: 'Ký bảo đảm cho khóa của nút cấp dưới bằng khóa của mình',
    en: 'Vouch, with a key of one’s own, for the key of a node below',
  },
  'help.key.revoke': {
    vi: 'Thu hồi khóa: mọi dấu niêm phong của nó hết giá trị ngay, không phục hồi được',
    en: 'Revoke a key: nothing it sealed is believed any more, and there is no way back',
  },
  'help.key.certificate': { vi: 'Chứng thư ký văn bản của cơ quan', en: 'Signing certificates of organisations' },
  'help.key.certificate.add': {
    vi: 'Ghi nhận chứng thư của cơ quan theo dấu vân tay',
    en: 'Pin a certificate for an organisation by its fingerprint',
  },
  'help.key.certificate.list': {
    vi: 'Liệt kê chứng thư đã ghi nhận và tình trạng hôm nay',
    en: 'List the pinned certificates and their state today',
  },
  'help.key.certificate.revoke': { vi: 'Thu hồi chứng thư của cơ quan', en: 'Revoke a certificate of an organisation' },
  'help.key.file': { vi: 'Tệp khóa sẽ tạo; không được có sẵn', en: 'The key file to create; must not exist' },
  'help.key.own': { vi: 'Tệp khóa (PKCS#8 PEM)', en: 'The key file (PKCS#8 PEM)' },
  'help.key.old': { vi: 'Tệp khóa đang dùng; giữ nguyên', en: 'The key file in use; stays as it is' },
  'help.key.kid': { vi: 'Tên khóa, như H29.18#1', en: 'Name of the key, such as H29.18#1' },
  'help.key.organ': { vi: 'Mã cơ quan', en: 'Code of the organisation' },
  'help.key.certificate.file': { vi: 'Tệp chứng thư X.509 (PEM)', en: 'The X.509 certificate (PEM)' },
  'help.key.certificate.print': {
    vi: 'Tệp chứng thư, hoặc dấu vân tay SHA-256 của nó',
    en: 'The certificate, or its SHA-256 fingerprint',
  },

  'option.key.directory': {
    vi: 'Tệp danh bạ cần sửa; chú thích và thứ tự được giữ nguyên',
    en: 'The directory file to change; comments and order stay',
  },
  'option.key.look': { vi: 'Tệp danh bạ để xem tình trạng', en: 'The directory file to look the state up in' },
  'option.key.nodeCheck': { vi: 'Mã nút; phải đúng là nút của khóa', en: 'Id of the node; must be that of the key' },
  'option.key.overlap': {
    vi: 'Thời gian hai khóa cùng hiệu lực, ví dụ 30d; nên dài hơn lần mất kết nối dài nhất',
    en: 'How long both keys are valid, such as 30d; better longer than the longest time without a connection',
  },
  'option.key.validFor': {
    vi: 'Thời hạn của khóa, ví dụ 730d; mặc định không có hạn',
    en: 'How long the key is valid, such as 730d; without end by default',
  },
  'option.key.out': {
    vi: 'Tệp khóa mới; mặc định đặt cạnh tệp cũ, thêm số thứ tự',
    en: 'The new key file; by default beside the old one, with its number',
  },
  'option.key.signer': {
    vi: 'Tệp khóa dùng để ký: của nút cấp trên, cấp trên hai bậc, hoặc khóa cũ',
    en: 'The key file to sign with: of the parent, of the grandparent, or the old key',
  },
  'option.key.reason': { vi: 'Lý do, ghi vào danh bạ', en: 'Why; written in the directory' },

  'example.keyCreate': { vi: 'khóa đầu tiên của nút H29.18', en: 'the first key of node H29.18' },
  'example.keyShow': { vi: 'khóa này còn dùng được không', en: 'whether this key may still be used' },
  'example.keyRotate': { vi: 'thay khóa và sửa danh bạ', en: 'replace a key and change the directory' },
  'example.keyRotateOut': { vi: 'chỉ in mục cần ghi vào danh bạ', en: 'only print what to put in the directory' },
  'example.keyVouch': { vi: 'tỉnh H29 bảo đảm cho huyện', en: 'province H29 vouches for its district' },
  'example.keyRevoke': { vi: 'máy chủ bị mất trộm', en: 'the machine was stolen' },
  'example.certificateAdd': { vi: 'chứng thư của cơ quan H29', en: 'the certificate of organisation H29' },
  'example.certificateList': { vi: 'chứng thư của một cơ quan', en: 'certificates of one organisation' },
  'example.certificateRevoke': { vi: 'thu hồi một chứng thư', en: 'revoke a certificate' },

  'heading.key': { vi: 'Khóa', en: 'Key' },
  'heading.before': { vi: 'Trước', en: 'Before' },
  'heading.after': { vi: 'Sau', en: 'After' },
  'heading.algorithm': { vi: 'Thuật toán', en: 'Algorithm' },
  'heading.publicKey': { vi: 'Khóa công khai', en: 'Public key' },
  'heading.fingerprint': { vi: 'Dấu vân tay', en: 'Fingerprint' },
  'heading.created': { vi: 'Ngày tạo', en: 'Created' },
  'heading.organisation': { vi: 'Cơ quan', en: 'Organisation' },
  'heading.validFrom': { vi: 'Từ', en: 'From' },
  'heading.validTo': { vi: 'Đến', en: 'Until' },
  'heading.replaces': { vi: 'Thay cho', en: 'Replaces' },
  'heading.vouchedBy': { vi: 'Bảo đảm bởi', en: 'Vouched by' },

  'key.state.valid': { vi: 'có hiệu lực', en: 'valid' },
  'key.state.not-yet': { vi: 'chưa có hiệu lực', en: 'not valid yet' },
  'key.state.expired': { vi: 'đã hết hạn', en: 'expired' },
  'key.state.revoked': { vi: 'đã thu hồi', en: 'revoked' },
  'key.state.unvouched': { vi: 'chưa được bảo đảm', en: 'not vouched for' },
  'key.state.unknown': { vi: 'không có trong danh bạ', en: 'not in the directory' },
  'key.window.both': { vi: '{state}, từ {from} đến {to}', en: '{state}, from {from} to {to}' },
  'key.window.from': { vi: '{state}, từ {from}', en: '{state}, from {from}' },
  'key.window.to': { vi: '{state}, đến {to}', en: '{state}, to {to}' },

  'key.next': {
    vi: 'Thêm vào keys của nút trong tệp danh bạ:',
    en: 'Add to keys of the node in the directory file:',
  },
  'key.replaceEntries': {
    vi: 'Ghi vào keys của nút {node} trong tệp danh bạ, thay mục cũ cùng tên:',
    en: 'Put in keys of node {node} in the directory file, instead of the entry of the same name:',
  },
  'key.rotated': {
    vi: 'Khóa mới {kid} ở {file}. Phát danh bạ cho mọi nút, rồi đặt key: {file} trong node.yaml và khởi động lại nút trước {until}.',
    en: 'The new key {kid} is in {file}. Give every node the directory, then set key: {file} in node.yaml and restart the node before {until}.',
  },
  'key.needsParent': {
    vi: 'Danh bạ có khóa gốc: nút {parent} còn phải ký (lienthong key vouch {kid}) thì {kid} mới có giá trị.',
    en: 'The directory has roots: {kid} counts once node {parent} has signed as well (lienthong key vouch {kid}).',
  },
  'key.alreadyVouched': { vi: 'Khóa {kid} đã được {by} bảo đảm.', en: '{by} vouches for {kid} already.' },
  'key.alreadyRevoked': { vi: 'Đã thu hồi từ {at}.', en: 'Revoked already, at {at}.' },
  'key.lastLiving': {
    vi: 'Nút {node} không còn khóa nào dùng được: văn bản nút này gửi sẽ bị từ chối cho đến khi có khóa mới.',
    en: 'Node {node} has no key left that may be used: what it sends is refused until it has a new one.',
  },
  'key.fallen': {
    vi: 'Các khóa sau mất bảo đảm, cần được ký lại: {kids}',
    en: 'These keys are no longer vouched for and must be signed again: {kids}',
  },
  'key.distribute': {
    vi: 'Danh bạ {file} nay là phiên bản {version}; nút chỉ biết thay đổi sau khi nhận tệp này và khởi động lại.',
    en: 'The directory {file} is now version {version}; a node knows after it has this file and was restarted.',
  },
  'key.mayNotVouch': {
    vi: '{by} không phải khóa của cấp trên, cấp trên hai bậc hay khóa cũ của {kid}',
    en: '{by} is neither of the parent or grandparent of {kid} nor the key it replaces',
  },
  'usage.keyNode': { vi: 'khóa thuộc nút {id}', en: 'the key is that of node {id}' },
  'certificate.none': { vi: 'Chưa ghi nhận chứng thư nào.', en: 'No certificate is pinned.' },
  'certificate.already': { vi: 'Chứng thư này đã được ghi nhận.', en: 'This certificate is pinned already.' },
  'certificate.notX509': { vi: '{file} không phải chứng thư X.509', en: '{file} is no X.509 certificate' },
  'certificate.ended': { vi: 'đã hết hạn ngày {day}', en: 'it ended on {day}' },
  'certificate.weak': {
    vi: 'khóa RSA {bits} bit quá ngắn, cần từ 2048',
    en: 'RSA key of {bits} bits, at least 2048 needed',
  },
} as const
