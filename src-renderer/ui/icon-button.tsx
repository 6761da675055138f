import type { LucideIcon } from 'lucide-react';
import { Button, type ButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components';

interface IconButtonProps extends Pick<ButtonProps, 'onPress' | 'isDisabled' | 'excludeFromTabOrder'> {
  readonly icon: LucideIcon;
  /** Spoken name, and the tooltip. */
  readonly label: string;
  /** Key that does the same; shown in the tooltip. */
  readonly shortcut?: string;
  readonly pressed?: boolean;
  readonly className?: string;
}

/** A square button with an icon, its name and key in a tooltip. */
export function IconButton({ icon: Icon, label, shortcut, pressed, className, ...button }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <Button
        {...button}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        className={`icon-button ${className ?? ''}`}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {shortcut === undefined ? undefined : <kbd>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
