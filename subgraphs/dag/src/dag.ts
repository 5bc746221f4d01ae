// All handlers of this subgraph in one module: its data sources name the same file, so it is compiled and instantiated once.
export * from './blocks'
export * from './finality'
export * from './payments'
export * from './staking'
export * from './tasks-and-dids'
