#!/usr/bin/env node
// npm links a program only when its file is there, and the compiled one is not before the first build.
await import('../dist/src/main.js').catch((error) => {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
  process.stderr.write('lienthong: not built yet, run "npm run build" / chưa biên dịch, hãy chạy "npm run build"\n')
  process.exitCode = 1
})
