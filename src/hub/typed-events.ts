// The types of events: from an interface of listeners to what `on`, `emit` and acknowledgements take (Socket.IO v4 server API).

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

type IfAny<T, Then, Else> = 0 extends 1 & T ? Then : Else;

type AnyFunction = (...args: any[]) => any;

/** `any` for a list whose last item cannot be told. */
export type Last<List extends any[]> = List extends [...any[], infer Item]
  ? Item
  : List extends []
    ? undefined
    : any;

export type AllButLast<List extends any[]> = List extends [...infer Items, any] ? Items : any[];

type LastArgument<Listener> = Listener extends (...args: infer Args) => any ? Last<Args> : undefined;

type IsAck<T> = IfAny<T, true, T extends AnyFunction ? true : false>;
type IsNoAck<T> = IfAny<T, true, T extends AnyFunction ? false : true>;

/** Events whose listener may end in an acknowledgement. */
export type EventNamesWithAck<Map extends EventsMap> = {
  [Ev in EventNames<Map>]: IfAny<Map[Ev], Ev, IsAck<LastArgument<Map[Ev]>> extends true ? Ev : never>;
}[EventNames<Map>];

/** Events whose listener may end in something other than an acknowledgement. */
export type EventNamesWithoutAck<Map extends EventsMap> = {
  [Ev in EventNames<Map>]: IfAny<Map[Ev], Ev, IsNoAck<LastArgument<Map[Ev]>> extends true ? Ev : never>;
}[EventNames<Map>];

type StartsWithError<Ack> = IfAny<
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

/** Events whose acknowledgement is told about errors, as it is after `timeout()`. */
export type EventNamesWithError<Map extends EventsMap> = {
  [Ev in EventNamesWithAck<Map>]: StartsWithError<LastArgument<Map[Ev]>> extends true ? Ev : never;
}[EventNamesWithAck<Map>];

type FirstNonError<Args extends any[]> = Args extends [infer First, ...infer Rest]
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

type WithResponses<Ack> = Ack extends (...args: infer Args) => infer Result
  ? (responses: FirstNonError<Args>[]) => Result
  : Ack;

type WithErrorAndResponses<Ack> = Ack extends (...args: infer Args) => infer Result
  ? (err: Error, responses: FirstNonError<Args>[]) => Result
  : Ack;

type MapArguments<Args extends any[], How> = {
  [Index in keyof Args]: IfAny<
    Args[Index],
    Args[Index],
    Args[Index] extends AnyFunction ? Decorated<Args[Index], How> : Args[Index]
  >;
};

type Decorated<Ack, How> = How extends 'error'
  ? WithError<Ack>
  : How extends 'responses'
    ? WithResponses<Ack>
    : WithErrorAndResponses<Ack>;

type MapListener<Listener, How> = IfAny<
  Listener,
  Listener,
  Listener extends (...args: infer Args) => infer Result
    ? (...args: MapArguments<Args, How>) => Result
    : Listener
>;

/** After `timeout()`: acknowledgements get a leading error, unless they have one. */
export type DecorateAcknowledgements<Map extends EventsMap> = {
  [Ev in keyof Map]: MapListener<Map[Ev], 'error'>;
};

/** To many: acknowledgements get one response of each. */
export type DecorateAcknowledgementsWithMultipleResponses<Map extends EventsMap> = {
  [Ev in keyof Map]: MapListener<Map[Ev], 'responses'>;
};

/** To many after `timeout()`. */
export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Map extends EventsMap> = {
  [Ev in keyof Map]: MapListener<Map[Ev], 'error and responses'>;
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

/** An event as packet middlewares see it: its name and arguments, the acknowledgement among them. */
export type Event = [event: string, ...args: any[]];
