// The words that columns of the tables of agents hold.

export type DeploymentStatus = 'active' | 'paused' | 'stopped';
export type RunStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'killed';
export type MissedTicks = 'skip' | 'once' | 'all';
export type TriggerKind = 'change' | 'message' | 'log' | 'query';
export type HealthStatus = 'unknown' | 'healthy' | 'unhealthy';
