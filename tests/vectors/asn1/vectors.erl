%% SPDX-License-Identifier: AGPL-3.0-or-later
%%
%% Encodes values of every information element of SBc-AP, NGAP and SABP with Erlang's own aligned PER, one a line:
%%
%%     SBCAP Warning-Area-List 0000010000f1100019b010...
%%
%% Lists have 1, 2, 255, 256, 257 and 2048 entries as far as their type allows, some 16384 and 65535; strings have the
%% lengths at which the coding changes. What varies is drawn from a fixed seed.
-module(vectors).
-export([main/0]).

main() ->
    rand:seed(exsss, {38413, 29168, 691}),
    ok = io:setopts(standard_io, [{encoding, latin1}]),
    [line("SBCAP", sbcap, Type, Value) || {Type, Values} <- sbcap(), Value <- Values],
    [line("NGAP", ngap, Type, Value) || {Type, Values} <- ngap(), Value <- Values],
    [line("SABP", sabp, Type, Value) || {Type, Values} <- sabp(), Value <- Values].

line(Name, Module, Type, Value) ->
    {ok, Octets} = Module:encode(Type, Value),
    io:put_chars([Name, " ", atom_to_list(Type), " ", binary:encode_hex(Octets), "\n"]).

octets(N) -> rand:bytes(N).
bits(N) ->
    <<Bits:N/bitstring, _/bitstring>> = rand:bytes((N + 7) div 8),
    Bits.
number(Low, High) -> Low + rand:uniform(High - Low + 1) - 1.
list(N, Make) -> [Make() || _ <- lists:seq(1, N)].

%% Every length at which the coding of a length changes, up to the type's own.
sizes(High) -> [N || N <- [1, 2, 255, 256, 257, 2048], N =< High].
lists_of(High, Make) -> [list(N, Make) || N <- sizes(High)].
%% Erlang takes its time for these.
long_lists(Make) -> [list(N, Make) || N <- [16384, 65535]].

plmn() -> octets(3).
extensions() ->
    case rand:uniform(20) of
        1 -> [{'ProtocolExtensionField', number(0, 65535), ignore, {asn1_OPENTYPE, octets(number(1, 200))}}];
        _ -> asn1_NOVALUE
    end.
area() -> octets(3).

%% SBc-AP ------------------------------------------------------------------------------------------------------

tai() -> {'TAI', plmn(), octets(2), extensions()}.
tai5() -> {'TAI-5GS', plmn(), octets(3), extensions()}.
ecgi() -> {'EUTRAN-CGI', plmn(), bits(28), extensions()}.
ncgi() -> {'NR-CGI', plmn(), bits(36), extensions()}.
enb_ids() ->
    [{'macroENB-ID', bits(20)}, {'homeENB-ID', bits(28)}, {'short-macroENB-ID', bits(18)}, {'long-macroENB-ID', bits(21)}].
enbs() -> [{'Global-ENB-ID', plmn(), Id, extensions()} || Id <- enb_ids()].
gnbs() -> [{'Global-GNB-ID', plmn(), {'gNB-ID', bits(N)}, extensions()} || N <- [22, 23, 24, 31, 32]].
ngenbs() -> [{'Global-NgENB-ID', plmn(), Id, extensions()} || Id <- enb_ids()].
nodes_() -> [{'global-GNB-ID', G} || G <- gnbs()] ++ [{'global-NgENB-ID', N} || N <- ngenbs()].
one_of(Values) -> lists:nth(rand:uniform(length(Values)), Values).

%% Area lists that name cells alone, by tracking area, by emergency area, or all three.
area_lists(Record, Cell, Tai, TaiItem, AreaItem) ->
    Cells = fun(N) -> list(N, Cell) end,
    ByTai = fun(N, M) -> list(N, fun() -> {TaiItem, Tai(), Cells(M), extensions()} end) end,
    ByArea = fun(N, M) -> list(N, fun() -> {AreaItem, area(), Cells(M), extensions()} end) end,
    None = asn1_NOVALUE,
    [{Record, None, None, None, None}, {Record, Cells(1), ByTai(2, 3), ByArea(3, 2), extensions()},
     {Record, None, ByTai(300, 2), None, None}, {Record, None, ByTai(2, 2048), None, None},
     {Record, None, None, ByArea(257, 1), None}, {Record, Cells(16384), None, None, None}]
    ++ [{Record, Cells(N), None, None, None} || N <- sizes(65535)].

diagnostics(Triggers) ->
    Item = fun() ->
        {'CriticalityDiagnostics-IE-Item', one_of([reject, ignore, notify]), number(0, 65535),
         one_of(['not-understood', missing]), asn1_NOVALUE}
    end,
    [{'Criticality-Diagnostics', asn1_NOVALUE, asn1_NOVALUE, asn1_NOVALUE, asn1_NOVALUE, asn1_NOVALUE}]
    ++ [{'Criticality-Diagnostics', number(0, 255), Trigger, reject, list(N, Item), asn1_NOVALUE}
        || Trigger <- Triggers, N <- [1, 255, 256]].

common_sizes() -> [1, 2, 82, 84, 127, 128, 1246, 9600].

sbcap() ->
    Scheduled = fun() -> {'ScheduledCell-Item', ecgi(), extensions()} end,
    Cancelled = fun() -> {'CancelledCell-Item', ecgi(), number(0, 65535), extensions()} end,
    Scheduled5 = fun() -> {'ScheduledCell-Item-5GS', ncgi(), extensions()} end,
    Cancelled5 = fun() -> {'CancelledCell-Item-5GS', ncgi(), number(0, 65535), extensions()} end,
    [{'Message-Identifier', [<<4370:16>>, <<0:16>>, <<65535:16>>]},
     {'Serial-Number', [<<16#4000:16>>, <<16#ffff:16>>]},
     {'Cause', [0, 1, 18, 19, 255]},
     {'Repetition-Period', [0, 1, 255, 256, 4095, 4096]},
     {'Extended-Repetition-Period', [4096, 4097, 4351, 4352, 65535, 69631, 69632, 131071]},
     {'Number-of-Broadcasts-Requested', [0, 1, 256, 65535]},
     {'Warning-Type', [<<1, 128>>]},
     {'Warning-Security-Information', [octets(50)]},
     {'Data-Coding-Scheme', [<<1>>, <<16#48>>]},
     {'Warning-Message-Content', [octets(N) || N <- common_sizes()]},
     {'Warning-Area-Coordinates', [octets(N) || N <- [1, 127, 128, 255, 256, 257, 1024]]},
     {'Omc-Id', [octets(N) || N <- [1, 2, 3, 20]]},
     {'Concurrent-Warning-Message-Indicator', [true]},
     {'Stop-All-Indicator', [true]},
     {'List-of-TAIs',
      lists_of(65535, fun() -> {'List-of-TAIs-Item', tai()} end)
      ++ long_lists(fun() -> {'List-of-TAIs-Item', tai()} end)},
     {'List-of-5GS-TAIs', lists_of(2048, fun tai5/0)},
     {'Warning-Area-List',
      [{'cell-ID-List', L} || L <- lists_of(65535, fun ecgi/0)]
      ++ [{'cell-ID-List', L} || L <- long_lists(fun ecgi/0)]
      ++ [{'tracking-Area-List-for-Warning', L} || L <- lists_of(65535, fun tai/0)]
      ++ [{'emergency-Area-ID-List', L} || L <- lists_of(65535, fun area/0)]},
     {'Warning-Area-List-5GS',
      [{'nR-CGIList', L} || L <- lists_of(16384, fun ncgi/0)]
      ++ [{'cell-ID-List', L} || L <- lists_of(257, fun ecgi/0)]
      ++ [{'tAIList-5GS', tai5()}, {'emergencyAreaIDList', list(3, fun area/0)}]},
     {'Global-ENB-ID', enbs()},
     {'Global-GNB-ID', gnbs()},
     {'Global-RAN-Node-ID', nodes_()},
     {'Broadcast-Scheduled-Area-List',
      area_lists('Broadcast-Scheduled-Area-List', Scheduled, fun tai/0, 'TAI-Broadcast-List-Item',
                 'EmergencyAreaID-Broadcast-List-Item')},
     {'Broadcast-Cancelled-Area-List',
      area_lists('Broadcast-Cancelled-Area-List', Cancelled, fun tai/0, 'TAI-Cancelled-List-Item',
                 'EmergencyAreaID-Cancelled-List-Item')},
     {'Broadcast-Scheduled-Area-List-5GS',
      area_lists('Broadcast-Scheduled-Area-List-5GS', Scheduled5, fun tai5/0, 'TAI-Broadcast-List-Item-5GS',
                 'EmergencyAreaID-Broadcast-List-Item-5GS')},
     {'Broadcast-Cancelled-Area-List-5GS',
      area_lists('Broadcast-Cancelled-Area-List-5GS', Cancelled5, fun tai5/0, 'TAI-Cancelled-List-Item-5GS',
                 'EmergencyAreaID-Cancelled-List-Item-5GS')},
     {'Broadcast-Empty-Area-List', lists_of(256, fun() -> one_of(enbs()) end)},
     {'Broadcast-Empty-Area-List-5GS', lists_of(2048, fun() -> one_of(nodes_()) end)},
     {'Restarted-Cell-List', lists_of(256, fun ecgi/0)},
     {'Failed-Cell-List', lists_of(256, fun ecgi/0)},
     {'Restarted-Cell-List-NR', lists_of(16384, fun ncgi/0)},
     {'Failed-Cell-List-NR', lists_of(16384, fun ncgi/0)},
     {'List-of-TAIs-Restart', lists_of(2048, fun() -> {'List-of-TAIs-Restart-Item', tai()} end)},
     {'List-of-EAIs-Restart', lists_of(256, fun area/0)},
     {'List-of-5GS-TAI-for-Restart', lists_of(2048, fun tai5/0)},
     {'Criticality-Diagnostics',
      diagnostics(['initiating-message', 'successful-outcome', 'unsuccessful-outcome', outcome])}].

%% NGAP --------------------------------------------------------------------------------------------------------

ng_tai() -> {'TAI', plmn(), octets(3), extensions()}.
ng_ecgi() -> {'EUTRA-CGI', plmn(), bits(28), extensions()}.
ng_ncgi() -> {'NR-CGI', plmn(), bits(36), extensions()}.
choice_extension() -> {'choice-Extensions', {'ProtocolIE-Field', number(0, 65535), ignore, {asn1_OPENTYPE, octets(7)}}}.

ng_areas(What, Suffix, Cell) ->
    Cells = fun(N) -> list(N, Cell) end,
    Tag = fun(By) -> list_to_atom(By ++ What ++ Suffix) end,
    Item = fun(By) -> list_to_atom(By ++ What ++ Suffix ++ "-Item") end,
    [{Tag("cellID"), Cells(N)} || N <- sizes(65535)]
    ++ [{Tag("tAI"), list(N, fun() -> {Item("TAI"), ng_tai(), Cells(M), extensions()} end)}
        || {N, M} <- [{1, 1}, {2048, 2}, {3, 300}, {1, 16384}]]
    ++ [{Tag("emergencyAreaID"), list(N, fun() -> {Item("EmergencyAreaID"), area(), Cells(M), extensions()} end)}
        || {N, M} <- [{1, 1}, {257, 2}, {1, 16384}]].

ngap() ->
    Done4 = fun() -> {'CellIDBroadcastEUTRA-Item', ng_ecgi(), extensions()} end,
    Done5 = fun() -> {'CellIDBroadcastNR-Item', ng_ncgi(), extensions()} end,
    Gone4 = fun() -> {'CellIDCancelledEUTRA-Item', ng_ecgi(), number(0, 65535), extensions()} end,
    Gone5 = fun() -> {'CellIDCancelledNR-Item', ng_ncgi(), number(0, 65535), extensions()} end,
    [{'MessageIdentifier', [<<4370:16>>]},
     {'SerialNumber', [<<16#4000:16>>]},
     {'RepetitionPeriod', [0, 1, 30, 255, 256, 65535, 65536, 131071]},
     {'NumberOfBroadcastsRequested', [0, 1, 65535]},
     {'WarningType', [<<3, 128>>]},
     {'WarningSecurityInfo', [octets(50)]},
     {'DataCodingScheme', [<<16#48>>]},
     {'WarningMessageContents', [octets(N) || N <- common_sizes()]},
     {'WarningAreaCoordinates', [octets(N) || N <- [1, 127, 128, 1024]]},
     {'ConcurrentWarningMessageInd', [true]},
     {'CancelAllWarningMessages', [true]},
     {'WarningAreaList',
      [{'eUTRA-CGIListForWarning', L} || L <- lists_of(65535, fun ng_ecgi/0)]
      ++ [{'nR-CGIListForWarning', L} || L <- lists_of(65535, fun ng_ncgi/0)]
      ++ [{'tAIListForWarning', L} || L <- lists_of(65535, fun ng_tai/0)]
      ++ [{'nR-CGIListForWarning', L} || L <- long_lists(fun ng_ncgi/0)]
      ++ [{'emergencyAreaIDList', L} || L <- lists_of(65535, fun area/0) ++ long_lists(fun area/0)]
      ++ [choice_extension()]},
     {'GlobalRANNodeID',
      [{'globalGNB-ID', {'GlobalGNB-ID', plmn(), {'gNB-ID', bits(N)}, extensions()}} || N <- [22, 24, 32]]
      ++ [{'globalNgENB-ID', {'GlobalNgENB-ID', plmn(), Id, extensions()}}
          || Id <- [{'macroNgENB-ID', bits(20)}, {'shortMacroNgENB-ID', bits(18)}, {'longMacroNgENB-ID', bits(21)}]]
      ++ [{'globalN3IWF-ID', {'GlobalN3IWF-ID', plmn(), {'n3IWF-ID', bits(16)}, extensions()}}, choice_extension()]},
     {'BroadcastCompletedAreaList',
      ng_areas("Broadcast", "EUTRA", Done4) ++ ng_areas("Broadcast", "NR", Done5)
      ++ [choice_extension()]},
     {'BroadcastCancelledAreaList',
      ng_areas("Cancelled", "EUTRA", Gone4) ++ ng_areas("Cancelled", "NR", Gone5)
      ++ [choice_extension()]},
     {'CellIDListForRestart',
      [{'eUTRA-CGIListforRestart', L} || L <- lists_of(256, fun ng_ecgi/0)]
      ++ [{'nR-CGIListforRestart', L} || L <- lists_of(16384, fun ng_ncgi/0)]},
     {'PWSFailedCellIDList',
      [{'eUTRA-CGI-PWSFailedList', L} || L <- lists_of(256, fun ng_ecgi/0)]
      ++ [{'nR-CGI-PWSFailedList', L} || L <- lists_of(16384, fun ng_ncgi/0)]},
     {'TAIListForRestart', lists_of(2048, fun ng_tai/0)},
     {'EmergencyAreaIDListForRestart', lists_of(256, fun area/0)},
     {'CriticalityDiagnostics',
      [setelement(1, D, 'CriticalityDiagnostics')
       || D <- diagnostics(['initiating-message', 'successful-outcome', 'unsuccessfull-outcome'])]}].

%% SABP --------------------------------------------------------------------------------------------------------

service_area() -> {'Service-Area-Identifier', plmn(), octets(2), octets(2)}.

sabp() ->
    None = asn1_NOVALUE,
    Failed = fun() -> {'Failure-List-Item', service_area(), number(0, 255), extensions()} end,
    Done = fun() ->
        {'Number-of-Broadcasts-Completed-List-Item', service_area(), number(0, 65535), one_of([None, overflow, unknown]),
         extensions()}
    end,
    Loads = fun() -> {'Radio-Resource-Loading-List-Item', service_area(), number(0, 20480), extensions()} end,
    Item = fun() ->
        {'CriticalityDiagnostics-IE-Item', one_of([reject, ignore, notify]), number(0, 65535),
         one_of([None, number(0, 255)]), extensions()}
    end,
    [{'Message-Identifier', [<<4370:16>>, <<0:16>>, <<65535:16>>]},
     {'Serial-Number', [<<16#4000:16>>, <<16#ffff:16>>]},
     {'Data-Coding-Scheme', [<<1>>, <<16#48>>]},
     %% Octets of pages, and numbers of bits that are none.
     {'Broadcast-Message-Content',
      [octets(N) || N <- [1, 2, 31, 32, 33, 84, 127, 128, 167, 1163, 1246]]
      ++ [bits(N) || N <- [1, 7, 9, 255, 256, 257, 9967]]},
     {'Cause', [0, 1, 17, 18, 255]},
     {'Number-of-Broadcasts-Requested', [0, 1, 256, 65535]},
     {'Repetition-Period', [1, 2, 256, 257, 4095, 4096]},
     {'Warning-Type', [<<1, 128>>]},
     {'WarningSecurityInfo', [octets(50)]},
     {'Recovery-Indication', ['data-lost', 'data-available']},
     {'Category', ['high-priority', 'background-priority', 'normal-priority', 'default-priority']},
     {'Paging-ETWS-Indicator', [paging]},
     {'Broadcast-Message-Content-Validity-Indicator', ['broadcast-Message-Content-not-valid']},
     {'TypeOfError', ['not-understood', missing]},
     {'Service-Areas-List', lists_of(65535, fun service_area/0) ++ long_lists(fun service_area/0)},
     {'Failure-List', lists_of(65535, Failed) ++ long_lists(Failed)},
     {'Number-of-Broadcasts-Completed-List', lists_of(65535, Done) ++ long_lists(Done)},
     {'Radio-Resource-Loading-List', lists_of(65535, Loads)},
     {'Criticality-Diagnostics',
      [{'Criticality-Diagnostics', None, None, None, None, None}]
      ++ [{'Criticality-Diagnostics', number(0, 255), Trigger, reject, list(N, Item), extensions()}
          || Trigger <- ['initiating-message', 'successful-outcome', 'unsuccessful-outcome', outcome],
             N <- [1, 255, 256]]}].
