import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The end of a log file, for a message; empty if there is none. Reads 16 KiB at most, as audit logs and etcd's get long. */
export function lastLines(path: string, count = 15): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const size = fstatSync(file).size;
    const buffer = Buffer.alloc(Math.min(size, 16_384));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    closeSync(file);
  }
}
