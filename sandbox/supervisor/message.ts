/** What a supervisor tells the process that started it, one JSON document a line. */
export type BootMessage = { kind: 'progress'; text: string } | { kind: 'ready'; bootMs: number } | { kind: 'failed'; message: string };
