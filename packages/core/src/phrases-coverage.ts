/** How far a tree of nodes is connected. */
export const coveragePhrases = {
  'option.coverage': {
    vi: 'Mỗi cấp từ nút này trở xuống: dự kiến, đã tham gia, hôm nay có tín hiệu, 30 ngày qua có gửi, còn thiếu ai. Tham gia là theo danh bạ; tín hiệu chỉ biết của chính nút và nút con trực tiếp; việc gửi chỉ biết của chính nút; còn lại ghi là chưa rõ',
    en: 'Each tier from this node down: expected, joined, heard today, sent in 30 days, who is missing. Joined is what the directory says; heard is known of this node and its own children only, sent of this node only; the rest is shown as not known',
  },
  'option.coverage.csv': {
    vi: 'Ghi từng nút vào tệp CSV này (kèm --coverage)',
    en: 'Write each node to this CSV file (with --coverage)',
  },
  'example.statusCoverage': { vi: 'ai còn thiếu, theo từng cấp', en: 'who is missing, by tier' },
  'heading.expected': { vi: 'Dự kiến', en: 'Expected' },
  'heading.joined': { vi: 'Đã tham gia', en: 'Joined' },
  'heading.heardToday': { vi: 'Có tín hiệu hôm nay', en: 'Heard today' },
  'heading.sent30': { vi: 'Gửi trong 30 ngày', en: 'Sent in 30 days' },
  'heading.missing': { vi: 'Còn thiếu', en: 'Missing' },
  'coverage.share': { vi: '{count}/{of}', en: '{count}/{of}' },
  'coverage.partly': { vi: '{count}/{of} ({unknown} chưa rõ)', en: '{count}/{of} ({unknown} not known)' },
  'coverage.more': { vi: '{names} và {count} nút nữa', en: '{names} and {count} more' },
  'coverage.yes': { vi: 'có', en: 'yes' },
  'coverage.no': { vi: 'không', en: 'no' },
  'coverage.unknown': { vi: 'chưa rõ', en: 'not known' },
  'coverage.asOf': {
    vi: 'Danh bạ phiên bản {version}. Một nút không biết của nút dưới nữa có tín hiệu hay có gửi không: hãy hỏi chính các nút đó.',
    en: 'Directory version {version}. Whether those further below are heard and send is not known here: ask those nodes.',
  },
  'coverage.written': { vi: 'Đã ghi {count} nút vào {file}.', en: '{count} nodes are written to {file}.' },
} as const
