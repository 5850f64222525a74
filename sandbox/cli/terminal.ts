import { plainReporter, type Reporter } from '../build/reporter.ts';

/** Progress on standard error: standard output is for what was asked. */
export function terminalReporter(stream: NodeJS.WriteStream = process.stderr): Reporter {
  if (!stream.isTTY) return plainReporter((text) => void stream.write(`${text}\n`));
  const clear = '\r\u001b[2K';
  return {
    line: (text) => void stream.write(`${clear}${text}\n`),
    live: (text) => void stream.write(`${clear}${text.slice(0, stream.columns - 1)}`),
    isLive: true,
  };
}
