// The types of events, at both ends: from an interface of listeners to what `on`, `emit` and acknowledgements take (Socket.IO v4, "TypeScript").

// biome-ignore-all lint/suspicious/noExplicitAny: `any` is what events are when a program does not declare them

/** An interface whose members are event names and whose types are listeners. */
export interface EventsMap {
  [event: string]: any;
}

/** Any event, with any arguments. */
export interface DefaultEventsMap {
  [event: string]: (...args: any[]) => void;
}

export type EventNames<Map extends EventsMap> = keyof Map & (string | symbol);

/** The arguments that the listener of an event takes. */
export type EventParams<Map extends EventsMap, Ev extends EventNames<Map>> = Parameters<Map[Ev]>;

/** One of two types, by whether the first is `any`, which would fit both. */
export type IfAny<T, Then, Else> = 0 extends 1 & T ? Then : Else;

export type AnyFunction = (...args: any[]) => any;

/** `any` for a list whose last item cannot be told. */
export type Last<List extends any[]> = List extends [...any[], infer Item]
  ? Item
  : List extends []
    ? undefined
    : any;

export type AllButLast<List extends any[]> = List extends [...infer Items, any] ? Items : any[];

/** What the listener of an event takes last. */
export type LastArgument<Listener> = Listener extends (...args: infer Args) => any ? Last<Args> : undefined;

type IsAck<T> = IfAny<T, true, T extends AnyFunction ? true : false>;

/** Events whose listener may end in an acknowledgement. */
export type EventNamesWithAck<Map extends EventsMap> = {
  [Ev in EventNames<Map>]: IfAny<Map[Ev], Ev, IsAck<LastArgument<Map[Ev]>> extends true ? Ev : never>;
}[EventNames<Map>];

/** Whether an acknowledgement takes an error first. */
export type StartsWithError<Ack> = IfAny<
  Ack,
  true,
  Ack extends (...args: infer Args) => any
    ? Args extends [infer First, ...any[]]
      ? IfAny<First, true, First extends Error ? true : false>
      : any[] extends Args
        ? true
        : false
    : false
>;

/** Of the arguments of an acknowledgement the first that is no error. */
export type FirstNonError<Args extends any[]> = Args extends [infer First, ...infer Rest]
  ? IfAny<First, First, First extends Error ? FirstNonError<Rest> : First>
  : Args extends []
    ? undefined
    : any;

/** What an acknowledgement is called with, errors aside. */
export type FirstNonErrorArg<Ack> = IfAny<
  Ack,
  any,
  Ack extends (...args: infer Args) => any ? FirstNonError<Args> : any
>;

type WithError<Ack> = Ack extends (...args: infer Args) => infer Result
  ? StartsWithError<Ack> extends true
    ? IfAny<Args[0], (err: Error, ...args: Args) => Result, Ack>
    : (err: Error, ...args: Args) => Result
  : Ack;

type WithErrors<Args extends any[]> = {
  [Index in keyof Args]: IfAny<
    Args[Index],
    Args[Index],
    Args[Index] extends AnyFunction ? WithError<Args[Index]> : Args[Index]
  >;
};

/** After `timeout()`: acknowledgements get a leading error, unless they have one. */
export type DecorateAcknowledgements<Map extends EventsMap> = {
  [Ev in keyof Map]: IfAny<
    Map[Ev],
    Map[Ev],
    Map[Ev] extends (...args: infer Args) => infer Result ? (...args: WithErrors<Args>) => Result : Map[Ev]
  >;
};

/** Names that can be listened to: those the library raises, and those of the peer. */
export type ReservedOrUserEventNames<Reserved extends EventsMap, User extends EventsMap> =
  | EventNames<Reserved>
  | EventNames<User>;

type UserListener<User extends EventsMap, Ev> = Ev extends EventNames<User> ? User[Ev] : never;

type OrAnything<Listener> = [Listener] extends [never] ? (...args: any[]) => void | Promise<void> : Listener;

/** The listener of an event. A name the library raises wins over the same name of the peer. */
export type ReservedOrUserListener<
  Reserved extends EventsMap,
  User extends EventsMap,
  Ev extends ReservedOrUserEventNames<Reserved, User>,
> = OrAnything<Ev extends EventNames<Reserved> ? Reserved[Ev] : UserListener<User, Ev>>;
