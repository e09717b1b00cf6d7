import * as vscode from 'vscode';
import { groupImages, type ImageGroup, type KnownImage } from '../../domain/lab/imageGroups';
import { splitImageName } from '../../domain/lab/imageNames';
import {
  describeSize,
  stillOffered,
  toChoice,
  type ImageChoice,
  type LabChoice,
  type LabMenu,
} from '../../domain/lab/labMenu';
import type { Site } from '../../domain/sites/site';
import { pick, type Answer } from '../quickInput';

type Image = LabMenu['images'][number];
type Size = LabMenu['sizes'][number];

interface ImageItem extends vscode.QuickPickItem {
  readonly image?: Image;
  /** The lab of last time, ready to start. */
  readonly usual?: ImageChoice;
}

interface SizeItem extends vscode.QuickPickItem {
  readonly size?: Size;
  readonly option?: 'isDebug' | 'resetsEnvironment';
}

export interface PickerHints {
  /** What this account chose last time. */
  readonly last?: LabChoice | undefined;
  /** The image to start from, when it was chosen elsewhere already. */
  readonly imageReference?: string | undefined;
  readonly resetsEnvironment?: boolean | undefined;
  /** What would not do as it was last time. */
  readonly wantsOther?: 'image' | 'size' | undefined;
  /** Why it is asked, where that is not plain. */
  readonly why?: string | undefined;
  /** A lab runs, and this one takes its place. */
  readonly isRestart?: boolean;
}

/** Asks for image and size with the editor's own pickers; undefined when the person left. */
export async function pickLab(
  menu: LabMenu,
  site: Site,
  hints: PickerHints,
): Promise<ImageChoice | undefined> {
  const given = menu.images.find((image) => image.reference === hints.imageReference);
  for (let image = given; ;) {
    if (!image) {
      const answer = await pickImage(menu, site, hints);
      if (answer.kind !== 'chosen') return undefined;
      if (answer.value.usual) return answer.value.usual;
      image = answer.value.image;
    }
    if (!image) return undefined;
    const answer = await pickSize(menu, site, image, hints);
    if (answer.kind === 'chosen') return answer.value;
    if (answer.kind === 'left') return undefined;
    image = undefined;
  }
}

function pickImage(menu: LabMenu, site: Site, hints: PickerHints): Promise<Answer<ImageItem>> {
  // Whoever wants something else than what runs does not want what ran last.
  const wantsOther = hints.isRestart === true || hints.wantsOther !== undefined;
  const usual = wantsOther ? undefined : stillOffered(hints.last, menu);
  const { main, others } = groupImages(menu);
  const firstGroups = main.length > 0 ? main : others().slice(0, 1);
  const items: ImageItem[] = [
    ...(usual && hints.resetsEnvironment !== true
      ? [
          separator('As last time'),
          {
            label: `$(history) ${usual.imageName}, ${usual.sizeName}`,
            description: 'start right away',
            usual,
          },
        ]
      : []),
    ...firstGroups.flatMap(toItems),
  ];
  return pick<ImageItem>({
    title: titleOf(hints, site),
    placeholder: hints.why ?? 'Choose an image, or type a part of its name',
    step: 1,
    totalSteps: 2,
    items,
    more: () => (main.length > 0 ? others() : others().slice(1)).flatMap(toItems),
    active: items.find((item) => item.usual ?? item.image),
  });
}

/** A group under its heading, or each of its parts under one of its own. */
function toItems({ id, label, images, parts }: ImageGroup): readonly ImageItem[] {
  const all = parts.length > 0 ? parts : [{ label: '', images }];
  return all.flatMap((part) => [
    separator(
      [part.label ? `${label}, ${part.label}` : label, slownessOf(part.images)].filter(Boolean).join(': '),
    ),
    ...part.images.map((image) => toItem(image, id)),
  ]);
}

function slownessOf(images: readonly KnownImage[]): string {
  return images.some(({ startsFast }) => startsFast) ? '' : 'start slowly';
}

/** What is recommended is called by what it is: that it is recommended stands over it already, and after it. */
function toItem({ image, tag, note, startsFast }: KnownImage, groupId: string): ImageItem {
  const isRecommended = groupId === 'recommended';
  const { main, more } = isRecommended ? splitImageName(image.name) : { main: image.name, more: undefined };
  return {
    label: isRecommended ? `$(star-full) ${main}` : main,
    description: [tag.tag, more, note, startsFast ? undefined : 'starts slowly']
      .filter((each) => each !== undefined)
      .join(' · '),
    image,
  };
}

function separator(label: string): ImageItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function titleOf({ isRestart }: PickerHints, { name }: Site): string {
  return isRestart === true ? `Restart Your Lab on ${name}` : `Start a Lab on ${name}`;
}

async function pickSize(
  menu: LabMenu,
  site: Site,
  image: Image,
  hints: PickerHints,
): Promise<Answer<ImageChoice>> {
  const last = hints.last?.kind === 'form' ? undefined : hints.last;
  let options = {
    isDebug: last?.isDebug ?? false,
    resetsEnvironment: hints.resetsEnvironment ?? false,
  };
  const wanted = hints.wantsOther === 'size' ? undefined : (last?.size ?? menu.defaultSize);
  const toItems = (): SizeItem[] => [
    ...menu.sizes.map((size) => ({
      label: size.name,
      description: [describeSize(size), size.value === menu.defaultSize ? 'default' : '']
        .filter(Boolean)
        .join(' · '),
      size,
    })),
    ...(menu.hasDebugOption || menu.hasResetOption
      ? [{ label: 'Options', kind: vscode.QuickPickItemKind.Separator }]
      : []),
    ...(menu.hasDebugOption ? [toggle('isDebug', 'Debug logs', 'the lab logs more', options.isDebug)] : []),
    ...(menu.hasResetOption
      ? [
          toggle(
            'resetsEnvironment',
            'Reset user environment',
            'moves .local, .cache, .conda, .jupyter and the like aside',
            options.resetsEnvironment,
          ),
        ]
      : []),
  ];
  const items = toItems();
  const answer = await pick<SizeItem>({
    title: `${titleOf(hints, site)}: ${image.name}`,
    placeholder: 'Choose a size to start; options can be switched first',
    step: 2,
    totalSteps: 2,
    canGoBack: true,
    items,
    active: items.find(({ size }) => size !== undefined && size.value === wanted),
    stay: ({ option }) => {
      if (!option) return undefined;
      options = { ...options, [option]: !options[option] };
      return toItems();
    },
  });
  if (answer.kind !== 'chosen') return answer;
  const { size } = answer.value;
  return size ? { kind: 'chosen', value: { ...toChoice(image, size), ...options } } : { kind: 'left' };
}

function toggle(
  option: NonNullable<SizeItem['option']>,
  label: string,
  detail: string,
  isOn: boolean,
): SizeItem {
  return {
    label: `$(${isOn ? 'check' : 'circle-large-outline'}) ${label}: ${isOn ? 'on' : 'off'}`,
    description: detail,
    option,
  };
}
