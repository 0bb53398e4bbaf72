/** Sorts failures into init, runtime, access and infra. Pure: workflows use it as well. */
export { classify, type FailureContext } from './classify.ts';
