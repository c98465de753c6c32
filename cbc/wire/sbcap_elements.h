// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The descriptors of all elements of SBc-AP that are no structures of sbcap_values.h. For the codec alone.
#pragma once

extern "C" {
#include <SBCAP-Broadcast-Empty-Area-List-5GS.h>
#include <SBCAP-Broadcast-Empty-Area-List.h>
#include <SBCAP-Cause.h>
#include <SBCAP-Concurrent-Warning-Message-Indicator.h>
#include <SBCAP-Data-Coding-Scheme.h>
#include <SBCAP-Extended-Repetition-Period.h>
#include <SBCAP-Failed-Cell-List-NR.h>
#include <SBCAP-Failed-Cell-List.h>
#include <SBCAP-List-of-5GS-TAI-for-Restart.h>
#include <SBCAP-List-of-5GS-TAIs.h>
#include <SBCAP-List-of-EAIs-Restart.h>
#include <SBCAP-List-of-TAIs-Restart.h>
#include <SBCAP-List-of-TAIs.h>
#include <SBCAP-Message-Identifier.h>
#include <SBCAP-Number-of-Broadcasts-Requested.h>
#include <SBCAP-Omc-Id.h>
#include <SBCAP-Repetition-Period.h>
#include <SBCAP-Restarted-Cell-List-NR.h>
#include <SBCAP-Restarted-Cell-List.h>
#include <SBCAP-Serial-Number.h>
#include <SBCAP-Warning-Area-Coordinates.h>
#include <SBCAP-Warning-Message-Content.h>
#include <SBCAP-Warning-Security-Information.h>
#include <SBCAP-Warning-Type.h>
}
