/** Writes schemas/*.json from src/render/schema: `node tools/schemas.ts`. A test fails while they differ. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionSchemas } from '../src/operations/registry.ts';
import { published, publishedOptions, schemaFile, schemas } from '../src/render/schema/documents.ts';
import { runbookSchema } from '../src/runbook/schema.ts';

const folder = join(import.meta.dirname, '..', 'schemas');
mkdirSync(folder, { recursive: true });
for (const [kind, schema] of Object.entries(schemas))
  writeFileSync(join(folder, schemaFile(kind)), `${JSON.stringify(published(schema), null, 2)}\n`);
writeFileSync(join(folder, 'runbook.json'), `${JSON.stringify(published(runbookSchema(optionSchemas())), null, 2)}\n`);
writeFileSync(join(folder, 'options.json'), `${JSON.stringify(publishedOptions(optionSchemas()), null, 2)}\n`);
execFileSync('biome', ['format', '--write', folder], { stdio: 'inherit' });
