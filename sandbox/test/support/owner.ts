/** A process that owns a sandbox until it is killed: `node owner.ts NAME LIFETIME`. */
import { up } from '../../index.ts';

const [name = '', lifetime] = process.argv.slice(2);
await up({ name, nodes: 1, lifetime: lifetime === 'owned' ? 'owned' : 'detached' });
console.log('up');
setInterval(() => {}, 1_000_000);
