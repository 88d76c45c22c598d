// What one client may make the server keep: on by default, each an option of the server.

export interface HubLimits {
  /** Namespaces that one connection may have joined or be joining. Default 1,000. Further ones are refused. */
  maxNamespacesPerClient: number;
  /** Acknowledgements that one socket may owe. Default 100,000. With more, its connection is closed. */
  maxPendingAcks: number;
  /** Events of one socket whose asynchronous middlewares have not ended. Default 10,000. With more, it is closed. */
  maxPendingEvents: number;
}

export const limitDefaults: HubLimits = {
  maxNamespacesPerClient: 1_000,
  maxPendingAcks: 100_000,
  maxPendingEvents: 10_000,
};
