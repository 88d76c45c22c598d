// What `wirehub` exports. The hub will join here; until then it is the WebSocket server alone.
export * from './websocket/index.ts';
