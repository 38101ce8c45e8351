/** What is wrong in a table of organisations, said after the number of the row. */
export const csvPhrases = {
  'csv.row': { vi: 'dòng {row}', en: 'row {row}' },
  'csv.quote': {
    vi: 'dấu nháy kép không đóng, hoặc có chữ theo sau',
    en: 'a quotation mark does not close, or text follows it',
  },
  'csv.cells': {
    vi: 'có {value} ô, khác số cột của dòng tiêu đề',
    en: 'has {value} cells, not as many as there are headings',
  },
  'csv.columnUnknown': { vi: 'cột lạ "{value}"', en: 'unknown column "{value}"' },
  'csv.columnTwice': { vi: 'cột "{value}" ghi hai lần', en: 'column "{value}" stands there twice' },
  'csv.columnMissing': { vi: 'thiếu cột "{value}"', en: 'column "{value}" is missing' },
  'csv.empty': { vi: '"{value}" không được để trống', en: '"{value}" must not be empty' },
  'csv.code': {
    vi: '"{value}" phải là mã từ 1 đến 35 ký tự gồm chữ cái, chữ số và dấu chấm',
    en: '"{value}" must be a code of 1 to 35 letters, digits and dots',
  },
  'csv.codeTwice': { vi: 'mã {value} đã có ở dòng trên', en: 'code {value} stands above already' },
  'csv.day': { vi: '"{value}" không phải là ngày dạng 2025-06-30', en: '"{value}" is no day such as 2025-06-30' },
  'csv.order': { vi: 'kết thúc ngày {value}, trước khi bắt đầu', en: 'closes on {value}, before it opens' },
  'csv.successorsOpen': {
    vi: 'có cơ quan kế thừa ({value}) mà không có ngày kết thúc',
    en: 'has successors ({value}) and no last day',
  },
} as const
