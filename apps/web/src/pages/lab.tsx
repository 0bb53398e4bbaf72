import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { labQuery } from '../api/queries.ts';
import { ArrowLeft, Check } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Page } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { labsTexts } from './labs-texts.ts';
import './lab.css';
import { StartCard } from './start-card.tsx';

export function Lab() {
  const texts = useTexts(labsTexts);
  const { labId = '' } = useParams();
  const { data: lab, error, refetch } = useQuery(labQuery(labId));
  if (error !== null && lab === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (lab === undefined) return <LoadingPage />;
  return (
    <Page title={lab.title}>
      <Link className="back" to="/labs">
        <ArrowLeft size={16} />
        {texts.lab.back}
      </Link>
      <div className="lab-page">
        <div className="stack">
          <div className="tags">
            <span className="tag accent">{texts.categories[lab.category]}</span>
            <span className="tag">{texts.levels[lab.difficulty]}</span>
          </div>
          <h1>{lab.title}</h1>
          <p className="lead">{lab.description}</p>
          <Expect />
        </div>
        <StartCard lab={lab} />
      </div>
    </Page>
  );
}

function Expect() {
  const { lab } = useTexts(labsTexts);
  return (
    <>
      <h2>{lab.expect}</h2>
      <ol className="steps">
        {lab.steps.map(([title, text]) => (
          <li key={title}>
            <h3>{title}</h3>
            <p className="muted">{text}</p>
          </li>
        ))}
      </ol>
      <h2>{lab.require}</h2>
      <ul className="checks">
        {lab.requirements.map((requirement) => (
          <li key={requirement}>
            <Check size={18} />
            {requirement}
          </li>
        ))}
      </ul>
      <p className="muted">{lab.fair}</p>
    </>
  );
}
