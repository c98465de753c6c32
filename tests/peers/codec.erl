%% SPDX-License-Identifier: AGPL-3.0-or-later
%%
%% Aligned PER by Erlang's own compiler, for the simulated peers: requests on one descriptor, answers on
%% another, each a term in Erlang's external format after its length in four octets. `erl -run codec main IN OUT`
%%
%%     {decode, Module, Type, Octets}                                     {ok, Value}
%%     {encode, Module, Type, Value}                                      {ok, Octets}
%%     {message, Module, Outcome, Procedure, Criticality, Ies, Extensions}  {ok, Octets}
%%
%% What cannot be done is answered {error, Words}. The third puts a message together of whatever elements it is told, in
%% that order, needed or not: Ies and Extensions are lists of {Id, Criticality, {Type, Value}} or {Id, Criticality,
%% Octets}; Extensions may be `absent`, or `none` when the message has no such field.
-module(codec).
-export([main/1]).

main([In, Out]) ->
    Port = open_port({fd, list_to_integer(In), list_to_integer(Out)}, [{packet, 4}, binary, eof]),
    serve(Port).

serve(Port) ->
    receive
        {Port, {data, Request}} ->
            port_command(Port, term_to_binary(answer(binary_to_term(Request)))),
            serve(Port);
        {Port, eof} ->
            halt(0)
    end.

answer(Request) ->
    try obey(Request)
    catch _:Reason -> {error, words(Reason)}
    end.

obey({decode, Module, Type, Octets}) ->
    case Module:decode(Type, Octets) of
        {ok, Value, <<>>} -> {ok, Value};
        {ok, _, Rest} -> {error, words({octets_left_over, byte_size(Rest)})};
        {error, Reason} -> {error, words(Reason)}
    end;
obey({encode, Module, Type, Value}) ->
    case Module:encode(Type, Value) of
        {ok, Octets} -> {ok, Octets};
        {error, Reason} -> {error, words(Reason)}
    end;
obey({message, Module, Outcome, Procedure, Criticality, Ies, Extensions}) ->
    Body = body(Module, Ies, Extensions),
    obey({encode, 'Raw', 'PDU', {Outcome, #{procedureCode => Procedure, criticality => Criticality, value => Body}}}).

body(Module, Ies, none) ->
    sure(obey({encode, 'Raw', 'PlainBody', #{protocolIEs => fields(Module, Ies)}}));
body(Module, Ies, absent) ->
    sure(obey({encode, 'Raw', 'Body', #{protocolIEs => fields(Module, Ies)}}));
body(Module, Ies, Extensions) ->
    sure(obey({encode, 'Raw', 'Body', #{protocolIEs => fields(Module, Ies),
                                      protocolExtensions => fields(Module, Extensions)}})).

fields(Module, Fields) ->
    [#{id => Id, criticality => Criticality, value => octets(Module, What)} || {Id, Criticality, What} <- Fields].

octets(_, Octets) when is_binary(Octets) -> Octets;
octets(Module, {Type, Value}) -> sure(obey({encode, Module, Type, Value})).

sure({ok, Octets}) -> Octets;
sure({error, Words}) -> throw(Words).

words(Words) when is_binary(Words) -> Words;
words(Reason) -> iolist_to_binary(string:slice(io_lib:format("~0tp", [Reason]), 0, 600)).
