// Pairs in; each handed to one function in the next tick, in order: all that are added within a tick cost one tick together.

/** A call for which the present tick is too early. */
export class Later<Subject, Argument> {
  readonly #serve: (subject: Subject, argument: Argument) => void;
  #subjects: Subject[] = [];
  #arguments: Argument[] = [];
  readonly #run = () => this.#serveAll();

  /** @param serve may throw: what stands behind is served all the same */
  constructor(serve: (subject: Subject, argument: Argument) => void) {
    this.#serve = serve;
  }

  add(subject: Subject, argument: Argument): void {
    this.#arguments.push(argument);
    if (this.#subjects.push(subject) === 1) process.nextTick(this.#run);
  }

  #serveAll(): void {
    const subjects = this.#subjects;
    const args = this.#arguments;
    this.#subjects = [];
    this.#arguments = [];
    let served = 0;
    try {
      while (served < subjects.length) {
        const at = served++;
        this.#serve(subjects[at]!, args[at]!);
      }
    } finally {
      if (served < subjects.length) {
        this.#subjects = [...subjects.slice(served), ...this.#subjects];
        this.#arguments = [...args.slice(served), ...this.#arguments];
        process.nextTick(this.#run);
      }
    }
  }
}
