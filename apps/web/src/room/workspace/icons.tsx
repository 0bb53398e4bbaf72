import type { ReactNode } from 'react';
import { draw as drawUsual } from '../../components/icons.tsx';

/** Signs of the workspace's tools are smaller than elsewhere. */
const draw = (paths: ReactNode) => drawUsual(paths, 18);

export const Plus = draw(<path d="M10 4.500v11M4.500 10h11" />);
export const Desktop = draw(
  <>
    <rect x="2.500" y="4" width="15" height="9.500" rx="1.500" />
    <path d="M7 16.500h6M10 13.500v3" />
  </>,
);
export const Key = draw(
  <>
    <circle cx="7" cy="13" r="3.300" />
    <path d="M9.500 10.500L16 4M13.500 6.500l2 2" />
  </>,
);
export const Paste = draw(
  <>
    <rect x="4.500" y="4.500" width="11" height="12.500" rx="1.500" />
    <path d="M7.500 4.500V3h5v1.500M10 8v5M7.800 11l2.200 2.200 2.200-2.200" />
  </>,
);
export const Beside = draw(
  <>
    <rect x="3" y="4" width="14" height="12" rx="1.500" />
    <path d="M10 4v12" />
  </>,
);
export const Below = draw(
  <>
    <rect x="3" y="4" width="14" height="12" rx="1.500" />
    <path d="M3 10h14" />
  </>,
);
export const Sliders = draw(
  <>
    <path d="M3 6.500h7M14.500 6.500H17M3 13.500h2.500M10 13.500h7" />
    <circle cx="12.200" cy="6.500" r="2" />
    <circle cx="7.700" cy="13.500" r="2" />
  </>,
);
export const Wider = draw(<path d="M8 4H4v12h4M11 10h6M14 7l3 3-3 3" />);
export const FullScreen = draw(<path d="M3.500 7.500v-4h4M12.500 3.500h4v4M16.500 12.500v4h-4M7.500 16.500h-4v-4" />);
