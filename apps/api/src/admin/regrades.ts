import { CkxError, type ExamSessionId, type LabId, type LabRegradeReport, type RegradeReport, type UserId } from '@ckx/contracts';
import { Injectable } from '@nestjs/common';

/** Attempts graded again by a corrected pack. */
@Injectable()
export class Regrades {
  ofSession(_actorId: UserId, _id: ExamSessionId, _reason: string): Promise<RegradeReport> {
    return Promise.reject(new CkxError('operational', 'NOT_YET', 'Regrades come soon.'));
  }

  ofLab(_actorId: UserId, _labId: LabId, _reason: string): Promise<LabRegradeReport> {
    return Promise.reject(new CkxError('operational', 'NOT_YET', 'Regrades come soon.'));
  }
}
