/** What is wrong with a declared content, and how its changes are told. */
export const declaredPhrases = {
  'declared.childTwice': { vi: 'nút con {value} ghi hai lần', en: 'child {value} stands there twice' },
  'declared.childSelf': { vi: '{value} là chính nút này', en: '{value} is this very node' },
  'declared.delegateOutside': {
    vi: '{value} nằm ngoài phạm vi được ủy quyền cho nút này',
    en: '{value} lies outside what was delegated to this node',
  },
  'declared.delegateTwice': {
    vi: '{value} đã được ủy quyền cho {other}',
    en: '{value} is delegated to {other} already',
  },
  'declared.delegateNested': {
    vi: '{value} nằm trong phạm vi đã ủy quyền cho {other}: cả hai đều được công bố',
    en: '{value} lies inside what is delegated to {other}: both may announce it',
  },
  'declared.organisationTwice': { vi: 'cơ quan {value} ghi hai lần', en: 'organisation {value} stands there twice' },
  'declared.organisationOutside': {
    vi: 'cơ quan {value} nằm ngoài phạm vi được ủy quyền cho nút này',
    en: 'organisation {value} lies outside what was delegated to this node',
  },
  'declared.organisationElsewhere': {
    vi: 'cơ quan {value} đang do nút {other} phục vụ',
    en: 'organisation {value} is served by node {other}',
  },
  'declared.organisationBelow': {
    vi: 'cơ quan {value} đã do nút {other} bên dưới phục vụ; khai ở đây không còn tác dụng, có thể bỏ',
    en: 'organisation {value} is served by node {other} below; its entry here has no effect and can go',
  },
  'declared.organisationTaken': {
    vi: 'cơ quan {value} hiện do nút {other} phục vụ; nút này tiếp nhận, nút {other} cần bỏ mục khai của mình',
    en: 'organisation {value} is served by node {other}; it is taken over here, and node {other} has to take its entry away',
  },
  'declared.parentUnknown': {
    vi: 'không có cấp trên {value} trong danh bạ',
    en: 'its parent {value} is not in the directory',
  },
  'declared.ruleElsewhere': {
    vi: 'quy tắc chia tách nêu {value}, không phải cơ quan kế thừa',
    en: 'a split rule names {value}, which is no successor',
  },
  'declared.successorUnknown': {
    vi: 'không có cơ quan kế thừa {value} trong danh bạ',
    en: 'successor {value} is not in the directory',
  },
  'declared.memberUnknown': {
    vi: 'không có thành viên {value} trong danh bạ',
    en: 'member {value} is not in the directory',
  },
  'declared.exceptionTwice': { vi: 'đã có ngoại lệ cho {value}', en: 'there is an exception for {value} already' },
  'declared.exceptionUnknown': { vi: 'không có cơ quan {value} trong danh bạ', en: '{value} is not in the directory' },
  'declared.exceptionDay': { vi: '{value} không phải là ngày có thật', en: '{value} is not a day that exists' },
  'declared.exceptionExpired': {
    vi: 'ngoại lệ đã hết hạn ngày {value}, có thể bỏ',
    en: 'the exception ended on {value} and can go',
  },
  'declared.redirectUnknown': {
    vi: '{value} không phải là nút con hay nút cấp trên của nút này',
    en: '{value} is neither a child nor the parent of this node',
  },
  'declared.whole': { vi: '{value}: {fault}', en: '{value}: {fault}' },

  'declared.thing.child': { vi: 'nút con', en: 'child' },
  'declared.thing.organisation': { vi: 'cơ quan', en: 'organisation' },
  'declared.thing.group': { vi: 'nhóm', en: 'group' },
  'declared.thing.exception': { vi: 'ngoại lệ', en: 'exception' },

  'declared.field.id': { vi: 'mã', en: 'code' },
  'declared.field.name': { vi: 'tên', en: 'name' },
  'declared.field.tier': { vi: 'cấp', en: 'tier' },
  'declared.field.delegates': { vi: 'ủy quyền', en: 'delegates' },
  'declared.field.parent': { vi: 'cấp trên', en: 'parent' },
  'declared.field.oldCode': { vi: 'mã cũ', en: 'old code' },
  'declared.field.code102': { vi: 'mã QCVN 102', en: 'QCVN 102 code' },
  'declared.field.mail': { vi: 'thư điện tử', en: 'mail' },
  'declared.field.validFrom': { vi: 'từ ngày', en: 'first day' },
  'declared.field.validTo': { vi: 'đến hết ngày', en: 'last day' },
  'declared.field.successors': { vi: 'kế thừa', en: 'successors' },
  'declared.field.newDocuments': { vi: 'văn bản mới gửi mã cũ', en: 'new documents' },
  'declared.field.splitRules': { vi: 'quy tắc chia tách', en: 'split rules' },
  'declared.field.formerNodes': { vi: 'nút phục vụ trước đây', en: 'former nodes' },
  'declared.field.certificates': { vi: 'chứng thư', en: 'certificates' },
  'declared.field.members': { vi: 'thành viên', en: 'members' },
  'declared.field.redirect': { vi: 'chuyển qua nút', en: 'redirect by node' },
  'declared.field.hold': { vi: 'tạm giữ', en: 'hold' },
  'declared.field.until': { vi: 'hết hạn', en: 'until' },
  'declared.field.reason': { vi: 'lý do', en: 'reason' },
} as const
