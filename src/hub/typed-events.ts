// The types of events as the server has them: those of both ends, and acknowledgements of many clients (Socket.IO v4 server API).
// biome-ignore-all lint/suspicious/noExplicitAny: `any` is what events are when a program does not declare them
import type {
  AnyFunction,
  EventNames,
  EventNamesWithAck,
  EventsMap,
  FirstNonError,
  IfAny,
  LastArgument,
  StartsWithError,
} from '../protocol/socketio/typed-events.ts';

export type {
  AllButLast,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
} from '../protocol/socketio/typed-events.ts';

type IsNoAck<T> = IfAny<T, true, T extends AnyFunction ? false : true>;

/** Events whose listener may end in something other than an acknowledgement. */
export type EventNamesWithoutAck<Map extends EventsMap> = {
  [Ev in EventNames<Map>]: IfAny<Map[Ev], Ev, IsNoAck<LastArgument<Map[Ev]>> extends true ? Ev : never>;
}[EventNames<Map>];

/** Events whose acknowledgement is told about errors, as it is after `timeout()`. */
export type EventNamesWithError<Map extends EventsMap> = {
  [Ev in EventNamesWithAck<Map>]: StartsWithError<LastArgument<Map[Ev]>> extends true ? Ev : never;
}[EventNamesWithAck<Map>];

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

type Decorated<Ack, How> = How extends 'responses' ? WithResponses<Ack> : WithErrorAndResponses<Ack>;

type MapListener<Listener, How> = IfAny<
  Listener,
  Listener,
  Listener extends (...args: infer Args) => infer Result
    ? (...args: MapArguments<Args, How>) => Result
    : Listener
>;

/** To many: acknowledgements get one response of each. */
export type DecorateAcknowledgementsWithMultipleResponses<Map extends EventsMap> = {
  [Ev in keyof Map]: MapListener<Map[Ev], 'responses'>;
};

/** To many after `timeout()`. */
export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Map extends EventsMap> = {
  [Ev in keyof Map]: MapListener<Map[Ev], 'error and responses'>;
};

/** An event as packet middlewares see it: its name and arguments, the acknowledgement among them. */
export type Event = [event: string, ...args: any[]];
