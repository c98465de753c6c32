// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The configuration of cbed (cbe.yaml). What each key means and its default: README.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cbe/api/context.h"
#include "cbe/domain/code_pool.h"
#include "cbe/net/cbc_link.h"
#include "common/config/config.h"
#include "common/frame/settings.h"
#include "common/mail/smtp.h"

namespace cbe {

struct MachineSettings {
    std::string certificate;  // farol://site/crm/node
    std::string name;
};

struct Config {
    frame::Settings frame{.api = {.port = 8443, .client = tls::ClientCertificate::kNone},
                          .cluster = {.port = 7101}};
    std::optional<frame::ApiSettings> machines;  // the listener of machine clients, 8449
    Authority authority;
    std::vector<std::string> channels_allowed;  // keys; empty: all
    ChannelTable channels;
    CellTable cells;
    std::string web = "/usr/share/farol/cbe/web";
    CodeRange codes;
    auth::SignInRate sign_in;
    auth::Policy people;
    mail::Settings mail;     // without a server: no letters are sent
    std::string public_url;  // https://alerts.example; links in letters begin with it
    std::vector<CbcAddress> cbcs;
    tls::Files client;     // our certificate towards the broadcast centres
    std::string seal_key;  // empty: the systemd credential "seal.key", else <state>/seal.key
    std::vector<MachineSettings> machine_clients;
    enum class Demo { kOff, kOn } demo = Demo::kOff;
};
void read(config::Section in, Config& out);

// The channel table of its own file; mistakes are problems of `place`.
ChannelTable read_channels(const std::string& file, config::Section place);

}  // namespace cbe
