import type { Clock, Random } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Accounts } from '../accounts/accounts.ts';
import { AliasReservations } from '../directory/alias-reservations.ts';
import { createPublicRoomsFinder } from '../directory/find-public-rooms.ts';
import type { RemoteDirectories } from '../directory/remote-directories.ts';
import { createAliasResolver } from '../directory/resolve-alias.ts';
import type { RoomEngine } from '../engine/room-engine.ts';
import type { RoomViews } from '../engine/room-views.ts';
import type { Receipts, TypingNotices } from '../ephemeral/index.ts';
import type { Route } from '../http/index.ts';
import type { Log } from '../log.ts';
import type { MediaRepository } from '../media/index.ts';
import { createProfileChanger } from '../membership/change-profile.ts';
import { EnterRooms } from '../membership/enter-rooms.ts';
import { UpgradeRooms } from '../room-creation/upgrade-rooms.ts';
import type { Sync } from '../sync/sync.ts';
import { logIn } from './account/log-in.ts';
import { logOutAll } from './account/log-out-all.ts';
import { logOut } from './account/log-out.ts';
import { limitRates } from './limit-rates.ts';
import { loginFlows } from './account/login-flows.ts';
import { registerAvailable } from './account/register-available.ts';
import { register } from './account/register.ts';
import { whoami } from './account/whoami.ts';
import { getDelivery } from './delivery/get-delivery.ts';
import { deleteDevice } from './devices/delete-device.ts';
import { deleteDevices } from './devices/delete-devices.ts';
import { getDevice } from './devices/get-device.ts';
import { listDevices } from './devices/list-devices.ts';
import { renameDevice } from './devices/rename-device.ts';
import { deleteAlias } from './directory/delete-alias.ts';
import { getAlias } from './directory/get-alias.ts';
import { getVisibility } from './directory/get-visibility.ts';
import { listAliases } from './directory/list-aliases.ts';
import { listPublicRooms } from './directory/list-public-rooms.ts';
import { putAlias } from './directory/put-alias.ts';
import { searchPublicRooms } from './directory/search-public-rooms.ts';
import { setVisibility } from './directory/set-visibility.ts';
import { capabilities } from './discovery/capabilities.ts';
import { versions } from './discovery/versions.ts';
import { wellKnownClient } from './discovery/well-known-client.ts';
import { sendReceipt } from './ephemeral/send-receipt.ts';
import { setTyping } from './ephemeral/set-typing.ts';
import { getContext } from './events/get-context.ts';
import { getEvent } from './events/get-event.ts';
import { getStateEvent } from './events/get-state-event.ts';
import { listState } from './events/list-state.ts';
import { messages } from './events/messages.ts';
import { redact } from './events/redact.ts';
import { sendEvent } from './events/send-event.ts';
import { setState } from './events/set-state.ts';
import { createFilter } from './filters/create-filter.ts';
import { getFilter } from './filters/get-filter.ts';
import { roomKeysVersion } from './keys/room-keys-version.ts';
import { download } from './media/download.ts';
import { frozenMedia } from './media/frozen-media.ts';
import { mediaConfig } from './media/media-config.ts';
import { thumbnail } from './media/thumbnail.ts';
import { upload } from './media/upload.ts';
import { deleteProfileField } from './profile/delete-profile-field.ts';
import { getProfileField } from './profile/get-profile-field.ts';
import { getProfile } from './profile/get-profile.ts';
import { createProfileSource } from './profile/profile-source.ts';
import { setProfileField } from './profile/set-profile-field.ts';
import { pushRules } from './push/push-rules.ts';
import { questionsOfAnybody } from './questions-of-anybody.ts';
import { createRoom } from './rooms/create-room.ts';
import { enterByIdOrAlias } from './rooms/enter-by-id-or-alias.ts';
import { forget } from './rooms/forget.ts';
import { invite } from './rooms/invite.ts';
import { joinRoom } from './rooms/join-room.ts';
import { joinedMembers } from './rooms/joined-members.ts';
import { joinedRooms } from './rooms/joined-rooms.ts';
import { leave } from './rooms/leave.ts';
import { members } from './rooms/members.ts';
import { moderateMember } from './rooms/moderate-member.ts';
import { upgradeRoom } from './rooms/upgrade-room.ts';
import { syncRoute } from './sync/sync.ts';
import { turnServer } from './voip/turn-server.ts';

export interface ClientApiPorts extends RemoteDirectories {
  readonly accounts: Accounts;
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly engine: RoomEngine;
  readonly views: RoomViews;
  readonly sync: Sync;
  readonly typing: Pick<TypingNotices, 'set'>;
  readonly receipts: Pick<Receipts, 'send'>;
  readonly media: MediaRepository;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly serverName: ServerName;
  readonly publicUrl: string | undefined;
  readonly registration: 'open' | 'closed';
  readonly defaultRoomVersion: string;
  /** Calls a second that each user may make of what is limited; 0: any number. */
  readonly rateLimit: number;
  /** Of the database; part of every token. */
  readonly incarnation: string;
}

/** Every endpoint of the client API. What stands in no list does not exist. */
export function clientRoutes(ports: ClientApiPorts): readonly Route[] {
  const { store, views } = ports;
  const directory = store.readers.directory;
  const readers = { ...ports, accounts: store.readers.accounts, directory };
  const aliases = new AliasReservations();
  const resolveAlias = createAliasResolver(readers);
  const { engine } = ports;
  const enter = { ...readers, resolveAlias };
  const joins = new EnterRooms({ ...enter, enter: (intent) => engine.join(intent) });
  const knocks = new EnterRooms({ ...enter, enter: (intent) => engine.knock(intent) });
  const ofAnybody = { ...readers, ...questionsOfAnybody(ports) };
  const findProfile = createProfileSource(ofAnybody);
  const changeProfile = createProfileChanger(ports);
  const routes = [
    versions(),
    capabilities(ports),
    wellKnownClient(ports),
    loginFlows(),
    register(ports),
    registerAvailable(ports),
    logIn(ports),
    logOut(ports),
    logOutAll(ports),
    whoami(),
    listDevices(readers),
    getDevice(readers),
    renameDevice(ports),
    deleteDevice(ports),
    deleteDevices(ports),
    createRoom({ ...ports, aliases }),
    invite(readers),
    joinRoom({ joins }),
    enterByIdOrAlias('join', joins),
    enterByIdOrAlias('knock', knocks),
    leave(ports),
    forget(ports),
    moderateMember(ports, { verb: 'kick', membership: 'leave' }),
    moderateMember(ports, { verb: 'ban', membership: 'ban' }),
    moderateMember(ports, { verb: 'unban', membership: 'leave' }),
    upgradeRoom(new UpgradeRooms(ports)),
    joinedRooms({ views }),
    members(ports),
    joinedMembers({ views }),
    sendEvent(ports),
    redact(ports),
    ...setState({ ...readers, resolveAlias }),
    ...getStateEvent(ports),
    listState(ports),
    getEvent(ports),
    getContext(ports),
    getDelivery({ views, destinations: store.readers.destinations }),
    messages(ports),
    getAlias({ resolveAlias: createAliasResolver(ofAnybody) }),
    putAlias({ ...ports, aliases }),
    deleteAlias(ports),
    listAliases(readers),
    getVisibility(readers),
    setVisibility(ports),
    listPublicRooms({ findPublicRooms: createPublicRoomsFinder(ofAnybody) }),
    searchPublicRooms({ findPublicRooms: createPublicRoomsFinder(readers) }),
    getProfile({ findProfile }),
    getProfileField({ findProfile }),
    setProfileField({ changeProfile }),
    deleteProfileField({ changeProfile }),
    setTyping(ports),
    sendReceipt(ports),
    upload(ports.media),
    ...download(ports.media),
    thumbnail(ports.media),
    mediaConfig(ports.media),
    ...frozenMedia(),
    createFilter(ports),
    getFilter(readers),
    syncRoute({ sync: ports.sync, accounts: store.readers.accounts }),
    pushRules(),
    turnServer(),
    roomKeysVersion(),
  ];
  return limitRates(routes, { clock: ports.clock, perSecond: ports.rateLimit });
}
