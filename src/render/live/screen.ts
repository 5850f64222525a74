import type * as Listr2 from 'listr2';
import type { ListrDefaultRendererOptions, ListrTaskWrapper, DefaultRenderer as Renderer } from 'listr2';
import type { Style } from '../style.ts';

type ListModule = typeof Listr2;
type Wrapper = ListrTaskWrapper<unknown, typeof Renderer, typeof Renderer>;
/** A task of listr2; its state is set by events, its function never runs. */
export type Row = Wrapper['task'];

/** The terminal while a list is on it. */
export interface Screen {
  readonly states: ListModule['ListrTaskState'];
  /** The head line; its subtasks are the rows to be seen. */
  readonly head: Row;
  /** New rows, not yet to be seen. */
  readonly rows: (titles: readonly string[]) => Promise<readonly Row[]>;
  /** Leaves the last picture and gives the terminal back, at once. */
  readonly close: () => void;
}

/**
 * Takes the terminal: listr2's renderer on this stream, without its signal handlers (they would exit 127 in the
 * middle of a step) and without its spinner (redraw on change only).
 *
 * @param wanted false once the operation is over: then nothing is painted any more.
 */
export async function openScreen(stream: NodeJS.WriteStream, style: Style, wanted: () => boolean): Promise<Screen> {
  const list = await import('listr2');
  const closing = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<Screen>();
  let end = (): void => undefined;
  const close = (): void => {
    end();
    closing.resolve();
  };
  const task = async (_: unknown, wrapper: Wrapper): Promise<void> => {
    opened.resolve({ states: list.ListrTaskState, head: wrapper.task, rows: (titles) => rowsOf(wrapper, titles), close });
    await closing.promise;
  };
  const renderer = onceRenderer(list, wanted, (its) => {
    end = its;
  });
  const listr = new list.Listr([{ title: ' ', task }], {
    renderer,
    registerSignalListeners: false,
    exitOnError: false,
    rendererOptions: looks(list, style, new list.ProcessOutput(stream, stream, { leaveEmptyLine: false })),
  });
  listr.run().catch(opened.reject);
  return opened.promise;
}

/** listr2's renderer, which can be ended at once from outside: listr2 itself ends it some microtasks after its tasks. */
function onceRenderer(list: ListModule, wanted: () => boolean, ready: (end: () => void) => void): typeof Renderer {
  return class OnceRenderer extends list.DefaultRenderer {
    /** listr2 asks process.stdout, which may be a pipe; whether this stream is a terminal was decided outside. */
    static override nonTTY = true;
    #ended = false;
    override async render(): Promise<void> {
      await super.render();
      ready(() => this.end());
      // Over before it began (its imports took longer than the operation): give the terminal back unpainted.
      if (!wanted()) this.end();
    }
    override create(options?: Parameters<Renderer['create']>[0]): string {
      return wanted() ? super.create(options) : '';
    }
    override end(): void {
      if (this.#ended) return;
      this.#ended = true;
      super.end();
    }
  };
}

async function rowsOf(wrapper: Wrapper, titles: readonly string[]): Promise<readonly Row[]> {
  const { tasks } = wrapper.newListr<unknown>(titles.map((title) => ({ title, task: () => undefined })));
  await Promise.all(tasks.map((row) => row.check(undefined)));
  return tasks;
}

function looks(list: ListModule, style: Style, processOutput: InstanceType<ListModule['ProcessOutput']>): ListrDefaultRendererOptions {
  const level = list.ListrDefaultRendererLogLevels;
  const paint = (how: (text: string) => string) => (text?: string) => how(text ?? '');
  return {
    lazy: true,
    collapseSubtasks: false,
    collapseErrors: false,
    formatOutput: 'wrap',
    logger: new list.ListrLogger({ useIcons: true, processOutput }),
    icon: {
      [level.SKIPPED_WITH_COLLAPSE]: list.figures.warning,
      [level.FAILED_WITH_FAILED_SUBTASKS]: list.figures.cross,
      [level.WAITING]: '·',
    },
    // listr2's own colours ask process.stdout whether there are any; ours were decided outside.
    color: {
      [level.SKIPPED_WITH_COLLAPSE]: paint(style.warn),
      [level.PENDING]: paint(style.accent),
      [level.COMPLETED]: paint(style.good),
      [level.COMPLETED_WITH_FAILED_SUBTASKS]: paint(style.warn),
      [level.COMPLETED_WITH_FAILED_SISTER_TASKS]: paint(style.faint),
      [level.FAILED]: paint(style.bad),
      [level.FAILED_WITH_FAILED_SUBTASKS]: paint(style.bad),
      [level.WAITING]: paint(style.faint),
      [level.CANCELLED]: paint(style.warn),
    },
  };
}
