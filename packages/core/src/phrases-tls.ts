/** Commands about TLS certificates: their help, and what they print. */
export const tlsPhrases = {
  'help.tls': { vi: 'Chứng thư TLS giữa các nút và máy chủ', en: 'TLS certificates between nodes and servers' },
  'help.tls.ca': {
    vi: 'Tạo cơ quan chứng thực TLS của riêng đơn vị (ca.pem phát cho các nút, ca.key giữ kín)',
    en: 'Make a TLS authority of one’s own (ca.pem is for every node, ca.key stays secret)',
  },
  'help.tls.issue': {
    vi: 'Cấp chứng thư TLS cho một máy theo tên hoặc địa chỉ IP',
    en: 'Issue a TLS certificate for a machine, by names or IP addresses',
  },
  'help.tls.show': {
    vi: 'Xem chứng thư: tên, thời hạn, dấu vân tay',
    en: 'Show a certificate: names, period, fingerprint',
  },
  'help.tls.folder': { vi: 'Thư mục của ca.pem và ca.key', en: 'Folder for ca.pem and ca.key' },
  'help.tls.names': {
    vi: 'Tên miền và địa chỉ IP của máy; tên đầu tiên cũng là tên tệp',
    en: 'DNS names and IP addresses of the machine; the first also names the files',
  },
  'help.tls.certificate': { vi: 'Tệp chứng thư (PEM)', en: 'The certificate (PEM)' },
  'option.tls.name': {
    vi: 'Tên của cơ quan chứng thực, như "H29 TLS"',
    en: 'Name of the authority, such as "H29 TLS"',
  },
  'option.tls.validFor': { vi: 'Thời hạn', en: 'How long it is valid' },
  'option.tls.ca': { vi: 'Thư mục của cơ quan chứng thực', en: 'Folder of the authority' },
  'option.tls.out': {
    vi: 'Thư mục cho chứng thư và khóa; mặc định là thư mục của cơ quan chứng thực',
    en: 'Folder for the certificate and its key; the authority’s by default',
  },
  'option.tls.renew': {
    vi: 'Gia hạn: giữ khóa đã có, thay chứng thư',
    en: 'Renew: keep the key that is there, replace the certificate',
  },
  'example.tlsCa': { vi: 'Cơ quan chứng thực của tỉnh', en: 'The authority of a province' },
  'example.tlsIssue': { vi: 'Chứng thư cho máy chủ RabbitMQ', en: 'A certificate for the RabbitMQ server' },
  'example.tlsRenew': { vi: 'Gia hạn chứng thư', en: 'Renew it' },
  'example.tlsShow': { vi: 'Còn hạn bao lâu', en: 'How long it still is valid' },
  'heading.tls.key': { vi: 'Khóa', en: 'Key' },
  'heading.tls.subject': { vi: 'Cấp cho', en: 'Subject' },
  'heading.tls.issuer': { vi: 'Cấp bởi', en: 'Issuer' },
  'heading.tls.names': { vi: 'Tên', en: 'Names' },
  'heading.tls.from': { vi: 'Từ', en: 'From' },
  'heading.tls.to': { vi: 'Đến', en: 'To' },
  'tls.otherKey': { vi: 'ca.key không phải khóa của ca.pem', en: 'ca.key is not the key of ca.pem' },
  'tls.daysLeft': { vi: 'còn {days} ngày', en: '{days} days left' },
} as const
