"""The places where secrets may live, one module each (faults.md section 4).

Each place reads and, where it can, writes NAME to value. Which of them wins is credentials' duty.
Nothing in here logs, prints or keeps a value longer than the call that asked for it.
"""
