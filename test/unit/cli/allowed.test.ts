import { expect, test } from 'vitest';
import { checkAllowed } from '../../../src/cli/allowed.ts';
import { UsageError } from '../../../src/domain/errors.ts';

test('findings that there are may be allowed', async () => {
  await checkAllowed([]);
  await checkAllowed(['hpa-targets-set', 'pdb-min-available']);
});

test('one that there is not is a mistake, with what was probably meant', async () => {
  const mistake = checkAllowed(['hpa-targets-set', 'hpa-targets-sets']);
  await expect(mistake).rejects.toThrow(UsageError);
  await expect(mistake).rejects.toMatchObject({
    message: '--allow hpa-targets-sets: there is no such finding',
    hint: expect.stringContaining('did you mean hpa-targets-set?') as string,
  });
  await expect(checkAllowed(['zzz'])).rejects.toMatchObject({ hint: 'kubectl sts-safe explain lists them' });
});
