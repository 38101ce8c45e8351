/** Why a directory cannot be: `directory.` and the reason as logs name it. The place stands beside it. */
export const directoryPhrases = {
  'status.directorySame': { vi: 'giống ở {count} nút kề', en: 'the same at {count} neighbours' },
  'status.directoryDiffers': { vi: 'khác với nút {node} từ {since}', en: 'another than at {node} since {since}' },
  'directory.twice': { vi: 'ghi hai lần', en: 'stands there twice' },
  'directory.cycle': { vi: 'cấp trên nối vòng tròn', en: 'its parents lead in a circle' },
  'directory.parent unknown': { vi: 'cấp trên không có trong danh bạ', en: 'its parent is not in the directory' },
  'directory.not exactly one root': {
    vi: 'phải có đúng một nút không có cấp trên',
    en: 'exactly one node must have no parent',
  },
  'directory.node unknown': { vi: 'danh bạ không có nút này', en: 'the directory does not know this node' },
  'directory.serving node unknown': {
    vi: 'nút phục vụ không có trong danh bạ',
    en: 'the node that serves it is not in the directory',
  },
  'directory.code twice': {
    vi: 'hai cơ quan có cùng mã này trong cùng thời gian',
    en: 'two organisations have this code at the same time',
  },
  'directory.no such day': { vi: 'ngày không có thật', en: 'a day of it does not exist' },
  'directory.closes before it opens': { vi: 'kết thúc trước khi bắt đầu', en: 'it closes before it opens' },
  'directory.successor unknown': {
    vi: 'cơ quan kế thừa không có trong danh bạ',
    en: 'a successor is not in the directory',
  },
  'directory.successors in a circle': { vi: 'kế thừa nối vòng tròn', en: 'its successors lead in a circle' },
  'directory.successor opens too late': {
    vi: 'cơ quan kế thừa bắt đầu sau khi cơ quan này kết thúc',
    en: 'a successor opens only after it has closed',
  },
  'directory.successors without validTo': {
    vi: 'có cơ quan kế thừa mà không có ngày kết thúc (validTo)',
    en: 'it has successors and no last day (validTo)',
  },
  'directory.group named twice': {
    vi: 'tên nhóm trùng với nhóm khác hoặc với một mã',
    en: 'the group is named like another, or like a code',
  },
  'directory.member of a group unknown': {
    vi: 'thành viên nhóm không có trong danh bạ',
    en: 'a member of a group is not in the directory',
  },
  'directory.no code': { vi: 'không phải là mã', en: 'it is no code' },
  'directory.delegated twice': {
    vi: 'được giao cho hai nút cấp dưới',
    en: 'it is given to two children',
  },
  'directory.kid of another node': { vi: 'khoá mang tên nút khác', en: 'the key is named like that of another node' },
} as const
