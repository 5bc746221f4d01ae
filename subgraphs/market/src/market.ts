// All handlers of this subgraph in one module: its data sources name the same file, so it is compiled and instantiated once.
export * from './agent-registry'
export * from './ai-nft'
export * from './aios-token'
export * from './marketplace'
