import { afterEach, describe, expect, it, vi } from 'vitest';
import { tryTools } from '../../scripts/lib/test-tools.mjs';

const tool = (name: string, found?: string, root = false) => ({
  packages: [name],
  tests: `tests with ${name}`,
  find: () => found,
  root,
});

/** What is asked of the package manager, and what the user reads. */
async function tried(
  tools: Parameters<typeof tryTools>[0],
  answer: (name: string) => boolean = () => true,
) {
  const [asked, said]: [string[], string[]] = [[], []];
  const install = (names: string[]) => {
    asked.push(...names);
    return Promise.resolve().then(() => names.every(answer));
  };
  await tryTools(tools, install, (line) => said.push(line));
  return { asked, said };
}

describe('what some tests need', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is installed where it is missing, and only there', async () => {
    const tools = [tool('here', '/usr/bin/here'), tool('missing')];
    expect(await tried(tools)).toEqual({ asked: ['missing'], said: [] });
  });

  it('is left alone when only root could use it, and that is somebody else', async () => {
    const getuid = vi.spyOn(process, 'getuid');
    getuid.mockReturnValue(1000);
    expect(await tried([tool('for-root', undefined, true)])).toEqual({ asked: [], said: [] });
    getuid.mockReturnValue(0);
    expect((await tried([tool('for-root', undefined, true)])).asked).toEqual(['for-root']);
  });

  it('ends nothing where it cannot be had: it is said which tests are skipped, and the rest is tried', async () => {
    const answer = (name: string) => {
      if (name === 'unknown') {
        throw new Error('no such package');
      }
      return name !== 'refused';
    };
    const { asked, said } = await tried(
      ['refused', 'unknown', 'other'].map((n) => tool(n)),
      answer,
    );
    expect(asked).toEqual(['refused', 'unknown', 'other']);
    expect(said).toEqual([
      'No refused here: the tests with refused will be skipped.',
      expect.stringMatching(/^unknown could not be installed: the tests with unknown .*no such/),
    ]);
  });
});
