/** Tables filled in with a spreadsheet: their headings, and what is wrong with a row, said after its number. */
export const sheetPhrases = {
  'sheet.heading.id': { vi: 'Mã', en: 'code' },
  'sheet.heading.name': { vi: 'Tên', en: 'name' },
  'sheet.heading.oldCode': { vi: 'Mã cũ', en: 'oldCode' },
  'sheet.heading.code102': { vi: 'Mã 102', en: 'code102' },
  'sheet.heading.parent': { vi: 'Mã cấp trên', en: 'parent' },
  'sheet.heading.node': { vi: 'Nút', en: 'node' },
  'sheet.heading.mail': { vi: 'Thư điện tử', en: 'mail' },
  'sheet.heading.validFrom': { vi: 'Từ ngày', en: 'validFrom' },
  'sheet.heading.validTo': { vi: 'Đến hết ngày', en: 'validTo' },
  'sheet.heading.successors': { vi: 'Kế thừa', en: 'successors' },
  'sheet.heading.child': { vi: 'Nút con', en: 'child' },
  'sheet.heading.tier': { vi: 'Cấp', en: 'tier' },
  'sheet.heading.delegates': { vi: 'Ủy quyền', en: 'delegates' },
  'sheet.heading.organ': { vi: 'Cơ quan', en: 'organ' },
  'sheet.heading.redirect': { vi: 'Chuyển qua nút', en: 'redirect' },
  'sheet.heading.hold': { vi: 'Tạm giữ', en: 'hold' },
  'sheet.heading.reason': { vi: 'Lý do', en: 'reason' },
  'sheet.heading.until': { vi: 'Hết hạn', en: 'until' },
  'sheet.heading.problem': { vi: 'Lỗi', en: 'Error' },

  'sheet.row': { vi: 'dòng {row}', en: 'row {row}' },
  'sheet.quote': {
    vi: 'dấu nháy kép không đóng, hoặc có chữ theo sau',
    en: 'a quotation mark does not close, or text follows it',
  },
  'sheet.cells': {
    vi: 'có {value} ô, khác số cột của dòng tiêu đề',
    en: 'has {value} cells, not as many as there are headings',
  },
  'sheet.columnUnknown': { vi: 'cột lạ "{value}"', en: 'unknown column "{value}"' },
  'sheet.columnTwice': { vi: 'cột "{value}" ghi hai lần', en: 'column "{value}" stands there twice' },
  'sheet.columnMissing': { vi: 'thiếu cột "{value}"', en: 'column "{value}" is missing' },
  'sheet.empty': { vi: '"{value}" không được để trống', en: '"{value}" must not be empty' },
  'sheet.code': {
    vi: '"{value}" phải là mã từ 1 đến 35 ký tự gồm chữ cái, chữ số và dấu chấm',
    en: '"{value}" must be a code of 1 to 35 letters, digits and dots',
  },
  'sheet.codeTwice': { vi: 'mã {value} đã có ở dòng trên', en: 'code {value} stands above already' },
  'sheet.day': {
    vi: '"{value}" không phải là ngày dạng 30/06/2025 hoặc 2025-06-30',
    en: '"{value}" is no day such as 30/06/2025 or 2025-06-30',
  },
  'sheet.order': { vi: 'kết thúc ngày {value}, trước khi bắt đầu', en: 'closes on {value}, before it opens' },
  'sheet.successorsOpen': {
    vi: 'có cơ quan kế thừa ({value}) mà không có ngày kết thúc',
    en: 'has successors ({value}) and no last day',
  },
  'sheet.number': {
    vi: 'ô ghi {value} là số, có thể đã mất số 0: đổi định dạng ô sang Văn bản (Text) rồi gõ lại mã',
    en: 'the cell holds {value} as a number and may have lost zeros: format it as text and write the code again',
  },
  'sheet.mark': {
    vi: '"{value}" không hiểu được: ghi x hoặc để trống',
    en: '"{value}" is not understood: write x or leave it empty',
  },
  'sheet.nodeOther': {
    vi: 'do nút {value} phục vụ; chỉ khai được cơ quan của chính nút này',
    en: 'is served by node {value}; only organisations of this very node are declared here',
  },
  'sheet.effect': {
    vi: 'ghi một trong hai: nút chuyển qua hoặc tạm giữ',
    en: 'give one of the two: a node to redirect to, or hold',
  },
  'sheet.kind': {
    vi: 'không rõ bảng gì: cần các cột Mã và Tên (cơ quan), Nút con và Ủy quyền (nút con), hoặc Cơ quan và Lý do (ngoại lệ)',
    en: 'what kind of table is it? It needs the columns code and name (organisations), child and delegates (children), or organ and reason (exceptions)',
  },
} as const
