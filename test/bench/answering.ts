// The child's side of the benchmark's IPC: answers each command of the conductor with a value or the reason there is none.

export interface Command {
  command: string;
  argument?: unknown;
}

export type Answer = { value: unknown } | { error: string };

function reply(answer: Answer): void {
  process.send?.(answer);
}

/** Says hello with `ready` (a server's port, say) and from then on does what it is asked. */
export function answerCommands(ready: unknown, commands: Record<string, (argument: never) => unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message: Command) => {
    if (message.command === 'stop') process.exit(0);
    try {
      const run = commands[message.command];
      if (run === undefined) throw new Error(`there is no command ${message.command}`);
      // The conductor and its children are one program: both ends of a command agree on its argument.
      reply({ value: (await run(message.argument as never)) ?? null });
    } catch (error) {
      reply({ error: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({ value: ready });
}
