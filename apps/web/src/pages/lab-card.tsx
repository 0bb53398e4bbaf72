import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { Clock, Questions } from '../components/icons.tsx';
import { formatMinutes } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import './lab-card.css';
import { labsTexts } from './labs-texts.ts';

/** The whole card is the link; its title names it. */
export function LabCard({ lab, level: Heading }: { readonly lab: Shape<'LabSummary'>; readonly level: 'h2' | 'h3' }) {
  const texts = useTexts(labsTexts);
  return (
    <li className="lab-card card">
      <div className="tags">
        <span className="tag accent">{texts.categories[lab.category]}</span>
        {lab.type === 'mock' && <span className="tag good">{texts.types.mock}</span>}
        <span className="tag">{texts.levels[lab.difficulty]}</span>
      </div>
      <Heading>
        <Link to={`/labs/${lab.id}`}>{lab.title}</Link>
      </Heading>
      <p className="muted">{lab.description}</p>
      <p className="measures">
        <span>
          <Clock size={16} />
          {formatMinutes(lab.durationMinutes)}
        </span>
        <span>
          <Questions size={16} />
          {texts.questions(lab.questionCount)}
        </span>
      </p>
    </li>
  );
}
