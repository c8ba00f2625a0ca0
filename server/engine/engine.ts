export { EngineError, type Engine, type EngineOptions, type RunResult, type StartRequest } from './interface.ts';
