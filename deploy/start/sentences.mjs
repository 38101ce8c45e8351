/**
 * What the start-up script says, in the order in which it may say it. Each sentence has a code, and each says what to
 * do when there is something to do. `{name}` is replaced.
 *
 * @typedef {'vi' | 'en'} Language
 * @typedef {keyof typeof sentences} Code
 */
export const sentences = {
  USAGE: {
    vi: 'Cách dùng: node deploy/start.mjs demo|test|test:long|bench|bundle [tham số…] [--lang vi|en]; với test, tham số là một phần tên tệp.',
    en: 'Usage: node deploy/start.mjs demo|test|test:long|bench|bundle [arguments…] [--lang vi|en]; for test, arguments are parts of file names.',
  },
  NODE_TOO_OLD: {
    vi: 'Cần Node 20.19 trở lên, máy này có {version}: hãy cài bản mới hơn.',
    en: 'Node 20.19 or later is needed, this is {version}: install a newer one.',
  },
  NODE_UNTESTED: {
    vi: 'Node {version} chưa được kiểm thử (đã kiểm thử với Node 20); vẫn tiếp tục.',
    en: 'Node {version} is untested (tested with Node 20); going on.',
  },
  NEEDS: {
    vi: 'Bộ nhớ: cần {memoryNeeded} GB, còn {memoryFree} GB. Đĩa: cần {diskNeeded} GB, còn {diskFree} GB ở {folder}.',
    en: 'Memory: {memoryNeeded} GB needed, {memoryFree} GB free. Disk: {diskNeeded} GB needed, {diskFree} GB free in {folder}.',
  },
  MEMORY_LOW: {
    vi: 'Không đủ bộ nhớ: cần {memoryNeeded} GB mà chỉ còn {memoryFree} GB; hãy đóng bớt chương trình hoặc dùng máy lớn hơn.',
    en: 'Not enough memory: {memoryNeeded} GB needed, {memoryFree} GB free; end other programs or use a larger machine.',
  },
  DISK_LOW: {
    vi: 'Không đủ đĩa: cần {diskNeeded} GB ở {folder} mà chỉ còn {diskFree} GB; hãy dọn bớt, hoặc đặt TMPDIR vào đĩa còn chỗ.',
    en: 'Not enough disk: {diskNeeded} GB needed in {folder}, {diskFree} GB free; make room, or set TMPDIR to a disk that has it.',
  },
  INSTALLING_PACKAGES: { vi: 'Cài các gói npm', en: 'Installing npm packages' },
  PACKAGES_FAILED: {
    vi: 'npm ci không thành công (mã {exitCode}); lý do ở trên. Kiểm tra mạng tới kho npm rồi chạy lại.',
    en: 'npm ci failed ({exitCode}); the reason is above. Check the way to the npm registry and run again.',
  },
  BUILDING: { vi: 'Biên dịch', en: 'Building' },
  BUILD_FAILED: {
    vi: 'Biên dịch không thành công (mã {exitCode}); lỗi ở trên.',
    en: 'The build failed ({exitCode}); the errors are above.',
  },
  BROKER_EXTERNAL: {
    vi: 'Dùng RabbitMQ đang chạy theo LIENTHONG_BROKER_URL.',
    en: 'Using the running RabbitMQ named by LIENTHONG_BROKER_URL.',
  },
  BROKER_HALF_NAMED: {
    vi: 'Phải đặt cả LIENTHONG_BROKER_URL và LIENTHONG_BROKER_API, hoặc không đặt biến nào.',
    en: 'Set both LIENTHONG_BROKER_URL and LIENTHONG_BROKER_API, or neither.',
  },
  INSTALLING_BROKER: {
    vi: 'Cài {package} bằng apt (dịch vụ không được khởi động)',
    en: 'Installing {package} through apt (its service is not started)',
  },
  BROKER_MISSING: {
    vi: 'Chưa có RabbitMQ: chạy `apt-get install --no-install-recommends rabbitmq-server` với quyền root, hoặc đặt LIENTHONG_BROKER_URL và LIENTHONG_BROKER_API cho một RabbitMQ đang chạy.',
    en: 'RabbitMQ is missing: run `apt-get install --no-install-recommends rabbitmq-server` as root, or set LIENTHONG_BROKER_URL and LIENTHONG_BROKER_API for a running one.',
  },
  BROKER_INSTALL_FAILED: {
    vi: 'apt không cài được rabbitmq-server (mã {exitCode}); lý do ở trên. Hãy cài bằng tay, hoặc đặt LIENTHONG_BROKER_URL và LIENTHONG_BROKER_API.',
    en: 'apt could not install rabbitmq-server ({exitCode}); the reason is above. Install it by hand, or set LIENTHONG_BROKER_URL and LIENTHONG_BROKER_API.',
  },
  CLIENT_MISSING: {
    vi: 'Không có python3-pika: bài kiểm thử với chương trình khách Python sẽ bị bỏ qua.',
    en: 'python3-pika is missing: the test with a Python client will be skipped.',
  },
  NO_TESTS: { vi: 'Không có tệp kiểm thử nào khớp.', en: 'No test file matches.' },
  UNIT_TESTS: { vi: 'Kiểm thử từng gói: {files} tệp', en: 'Tests of the packages: {files} files' },
  WHOLE_TESTS: { vi: 'Kiểm thử toàn hệ: {files} tệp', en: 'Tests of the whole: {files} files' },
  BUNDLE_USAGE: {
    vi: 'Cách dùng: npm run bundle -- [--out TỆP.tar.gz] [--without-node]',
    en: 'Usage: npm run bundle -- [--out FILE.tar.gz] [--without-node]',
  },
  BUNDLING: { vi: 'Đóng gói bộ cài', en: 'Packing the archive' },
  BUNDLED: { vi: 'Bộ cài: {archive}, kèm tệp .sha256.', en: 'The archive: {archive}, with its .sha256 beside it.' },
  BUNDLE_FAILED: {
    vi: 'tar không thành công (mã {exitCode}); lý do ở trên.',
    en: 'tar failed ({exitCode}); the reason is above.',
  },
  INSTALL_USAGE: {
    vi: 'Cách dùng: ./install [--prefix /opt/lienthong] [--bin /usr/local/bin] [--units /etc/systemd/system] [--no-service] [--lang vi|en]\nVí dụ, không cần quyền root: ./install --prefix ~/lienthong --bin ~/bin --no-service',
    en: 'Usage: ./install [--prefix /opt/lienthong] [--bin /usr/local/bin] [--units /etc/systemd/system] [--no-service] [--lang vi|en]\nFor example, without being root: ./install --prefix ~/lienthong --bin ~/bin --no-service',
  },
  INSTALL_CHECKING: { vi: 'Kiểm tra các tệp của bộ cài…', en: 'Checking the files of the archive…' },
  INSTALL_DAMAGED: {
    vi: 'Tệp {file} thiếu, thừa hoặc không giống như khi đóng gói: hãy chép lại bộ cài và so với tệp .sha256.',
    en: '{file} is missing, was added, or is not as it was packed: copy the archive again and compare it with its .sha256.',
  },
  INSTALL_FAILED: {
    vi: 'Không cài được: {reason}. Hãy chạy với quyền root, hoặc chọn thư mục khác (--help).',
    en: 'Not installed: {reason}. Run it as root, or choose other folders (--help).',
  },
  INSTALLED: {
    vi: 'Đã cài vào {place}. Thử: lienthong --version',
    en: 'Installed in {place}. Try: lienthong --version',
  },
  INSTALLED_SERVICE: {
    vi: 'Đã cài vào {place}. Đặt cấu hình vào /etc/lienthong/MÃ/node.yaml, rồi: systemctl enable --now lienthong@MÃ',
    en: 'Installed in {place}. Put the configuration into /etc/lienthong/ID/node.yaml, then: systemctl enable --now lienthong@ID',
  },
  PROGRESS: { vi: '{what}… {seconds} giây', en: '{what}… {seconds} s' },
  FINISHED: { vi: '{what}: xong, {seconds} giây', en: '{what}: done, {seconds} s' },
}

/** Progress, not errors: they are shown without their code. */
const plain = new Set(['USAGE', 'NEEDS', 'INSTALLING_PACKAGES', 'BUILDING', 'BROKER_EXTERNAL', 'INSTALLING_BROKER'])
for (const code of [
  'BUNDLE_USAGE',
  'BUNDLING',
  'BUNDLED',
  'INSTALL_USAGE',
  'INSTALL_CHECKING',
  'INSTALLED',
  'INSTALLED_SERVICE',
])
  plain.add(code)
for (const code of ['UNIT_TESTS', 'WHOLE_TESTS', 'PROGRESS', 'FINISHED']) plain.add(code)

/**
 * The language asked for by `--lang`, else by the locale variables, else English.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Language}
 */
export function chooseLanguage(args, environment) {
  const named = args.flatMap((arg, index) =>
    arg === '--lang' ? [args[index + 1] ?? ''] : arg.startsWith('--lang=') ? [arg.slice('--lang='.length)] : [],
  )
  const wanted = named.at(-1) ?? (environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '')
  return wanted.startsWith('vi') ? 'vi' : 'en'
}

/**
 * Speaks one language.
 *
 * @param {Language} language
 * @returns {(code: Code, values?: Record<string, string | number>) => string}
 */
export function speaker(language) {
  return (code, values = {}) => {
    const sentence = sentences[code][language].replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]))
    return plain.has(code) ? sentence : `${code}: ${sentence}`
  }
}
