export { trimEvidence } from './evidence.ts';
export { excerptEvidence } from './excerpt.ts';
export { passed, questionScore, scoreOf } from './score.ts';
export { verdictOf, type CheckExit, type Decision } from './verdict.ts';
export { regrade, type GradingRules } from './regrade.ts';
