import type { ReactNode } from 'react';

/** Icons of our own, 20 units wide, drawn with one pen. They say nothing by themselves: what they stand beside does. */
export function Icon({ children, size = 20 }: { readonly children: ReactNode; readonly size?: number | undefined }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

interface Sized {
  readonly size?: number;
}

/** A sign drawn with the one pen; `usual` is its size where nothing is said. */
export const draw = (paths: ReactNode, usual?: number) =>
  function Drawn({ size = usual }: Sized) {
    return <Icon size={size}>{paths}</Icon>;
  };

export const ArrowRight = draw(<path d="M4 10h12M11 5l5 5-5 5" />);
export const ArrowLeft = draw(<path d="M16 10H4M9 5l-5 5 5 5" />);
export const Check = draw(<path d="M4 10.500l4 4 8-9" />);
export const Cross = draw(<path d="M5 5l10 10M15 5L5 15" />);
export const ChevronDown = draw(<path d="M5 8l5 5 5-5" />);
export const Clock = draw(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4l2.500 2" />
  </>,
);
export const Copy = draw(
  <>
    <rect x="7" y="7" width="9" height="9" rx="1.500" />
    <path d="M13 4H5.500A1.500 1.500 0 0 0 4 5.500V13" />
  </>,
);
export const Info = draw(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 9.500v4M10 6.500v.1" />
  </>,
);
export const Warning = draw(
  <>
    <path d="M10 3.500l7.500 13h-15z" />
    <path d="M10 8.500v3.500M10 14.200v.1" />
  </>,
);
export const List = draw(<path d="M8 5h8M8 10h8M8 15h8M4 5h.1M4 10h.1M4 15h.1" />);
export const Search = draw(
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="M13 13l3.500 3.500" />
  </>,
);
export const Terminal = draw(
  <>
    <rect x="2.500" y="4" width="15" height="12" rx="2" />
    <path d="M6 8l2.500 2L6 12M10.500 12.500H14" />
  </>,
);
export const Cube = draw(
  <>
    <path d="M10 3l6 3.400v7.200L10 17l-6-3.400V6.400z" />
    <path d="M4 6.400L10 10l6-3.600M10 10v7" />
  </>,
);
export const Evidence = draw(
  <>
    <path d="M5 3h7l3 3v11H5z" />
    <path d="M7.500 10.500l1.800 1.800 3.200-3.600" />
  </>,
);
export const Questions = draw(
  <>
    <rect x="3.500" y="3.500" width="13" height="13" rx="2" />
    <path d="M7 8h6M7 12h4" />
  </>,
);
export const Keyboard = draw(
  <>
    <rect x="2.500" y="5.500" width="15" height="9" rx="2" />
    <path d="M5.500 8.500h.1M8.500 8.500h.1M11.500 8.500h.1M14.500 8.500h.1M6.500 11.700h7" />
  </>,
);
export const Sun = draw(
  <>
    <circle cx="10" cy="10" r="3.300" />
    <path d="M10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M4.700 15.300l1.400-1.400M13.900 6.100l1.400-1.400" />
  </>,
);
export const Moon = draw(<path d="M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z" />);
export const Half = draw(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
  </>,
);
export const Person = draw(
  <>
    <circle cx="10" cy="7" r="3.200" />
    <path d="M3.800 17c.8-3.300 3.200-5 6.200-5s5.400 1.700 6.200 5" />
  </>,
);
export const Plug = draw(<path d="M7 3v4M13 3v4M5 7h10v2.500a5 5 0 0 1-10 0zM10 14.500V17" />);
export const Play = draw(<path d="M6 4l10 6-10 6z" fill="currentColor" />);
export const Pause = draw(<path d="M7 4v12M13 4v12" />);
