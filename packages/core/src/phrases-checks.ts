/** Checks for monitoring systems, and the doctor: their help, and what they print. */
export const checkPhrases = {
  'help.check': {
    vi: 'Kiểm tra cho hệ thống giám sát (Nagios, Prometheus)',
    en: 'Checks for monitoring systems (Nagios, Prometheus)',
  },
  'help.check.link': {
    vi: 'Đường nối có thông không, và gián đoạn bao lâu',
    en: 'Whether links are open, and for how long not',
  },
  'help.check.queue': {
    vi: 'Văn bản chờ lâu nhất, số đang chờ, số không chuyển được',
    en: 'How long documents wait, how many, and what could not be passed on',
  },
  'help.check.cert': {
    vi: 'Khoá và chứng thư còn bao nhiêu ngày',
    en: 'How many days keys and certificates have left',
  },
  'help.check.disk': { vi: 'Ổ đĩa của nút còn trống bao nhiêu', en: 'How much of the disk of the node is free' },
  'help.check.directory': {
    vi: 'Các nút kề có cùng danh bạ với nút này không, và khác đã bao lâu',
    en: 'Whether the neighbours have the same directory, and for how long not',
  },
  'help.check.peer': {
    vi: 'Nút kia có trả lời không, nhanh chậm ra sao',
    en: 'Whether the other nodes answer, and how fast',
  },
  'help.check.node': { vi: 'Chỉ nút ở đầu kia này', en: 'Only this neighbour' },
  'option.check.warning': {
    vi: 'Cảnh báo từ mức này; thời gian viết như 5m, ngày và phần trăm là số',
    en: 'Warn from here on; times such as 5m, days and percent as numbers',
  },
  'option.check.critical': { vi: 'Nguy cấp từ mức này', en: 'Critical from here on' },
  'option.check.format': {
    vi: 'Dạng kết quả; mã thoát luôn là 0 tốt, 1 cảnh báo, 2 nguy cấp, 3 không rõ',
    en: 'Form of the result; the exit code is always 0 ok, 1 warning, 2 critical, 3 unknown',
  },
  'example.checkLink': { vi: 'đường lên, cho Nagios', en: 'the link up, for Nagios' },
  'example.checkQueue': { vi: 'chịu được chờ nửa giờ', en: 'half an hour may pass' },
  'example.checkCert': { vi: 'cho Prometheus', en: 'for Prometheus' },
  'example.checkDisk': { vi: 'cảnh báo sớm hơn', en: 'warn earlier' },
  'example.checkPeer': { vi: 'nút trên', en: 'the node above' },
  'heading.measure': { vi: 'Đo', en: 'Measure' },
  'heading.about': { vi: 'Của', en: 'Of' },
  'heading.value': { vi: 'Giá trị', en: 'Value' },
  'heading.bounds': { vi: 'Cảnh báo / nguy cấp', en: 'Warning / critical' },
  'check.ok': { vi: 'tốt', en: 'ok' },
  'check.warning': { vi: 'cảnh báo', en: 'warning' },
  'check.critical': { vi: 'nguy cấp', en: 'critical' },
  'check.unknown': { vi: 'không rõ', en: 'unknown' },
} as const
