using Tracing.Host.Injection;
using Tracing.Host.Kernel;

namespace Tracing.Host.Scheduling;

/// <summary>
/// An order of threads that a seed decides: one simulated thread runs at a time, and before and after each of its calls into the kernel a draw
/// says who goes on. The same seed gives the same order, so a schedule that breaks a rule can be run again. Thread-safe.
/// </summary>
/// <remarks>
/// <para>Between two calls into the kernel a driver is not interrupted: what only goes wrong there is not found, and that is the price of an
/// order that can be repeated. Threads change places at any IRQL, as on a machine with a processor for each of them.</para>
/// <para>How often threads change is drawn as well, once for each seed: some errors want a change at every call, others a long run of one thread
/// at a certain place. Source of that thought: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
/// Guarantees of Finding Bugs", ASPLOS 2010.</para>
/// </remarks>
internal sealed class Schedule
{
    /// <summary>The rarest change: one in 32 calls.</summary>
    private const ulong MostSteadiness = 5;

    private readonly Lock _gate = new();
    private readonly List<Turn> _turns = [];
    private readonly ulong _steadiness;
    private ulong _draws;
    private Turn? _running;
    private bool _open;

    internal Schedule(ulong seed)
    {
        _draws = SplitMix.Mix(seed);
        _steadiness = (1ul << (int)(SplitMix.Next(ref _draws) % (MostSteadiness + 1))) - 1;
    }

    /// <summary>What the machine's threads and its session read.</summary>
    internal VirtualClock Clock { get; } = new();

    /// <summary>A thread has been created, by the running one or while none ran.</summary>
    internal Turn Add()
    {
        lock (_gate)
        {
            Turn added = new();
            _turns.Add(added);
            if (_open || _running is null)
            {
                Give(added);
            }

            return added;
        }
    }

    /// <summary>The thread of a turn begins: on its own .NET thread, before anything else.</summary>
    internal static void Begin(Turn turn) => turn.Permit.Wait();

    /// <summary>The running thread is at a call of the kernel, where another may go on.</summary>
    internal void Yield(Turn turn)
    {
        lock (_gate)
        {
            if (_open || (SplitMix.Next(ref _draws) & _steadiness) != 0)
            {
                return;
            }

            Turn next = Choose()!;
            if (next == turn)
            {
                return;
            }

            Give(next);
        }

        turn.Permit.Wait();
    }

    /// <summary>The running thread waits.</summary>
    /// <param name="turn">Its turn.</param>
    /// <param name="ready">Says whether it can go on; asked by other threads.</param>
    /// <param name="deadline">When it goes on in any case, in ticks; <see cref="Turn.Never"/> for no such time.</param>
    /// <param name="spins">Whether it keeps its processor busy.</param>
    /// <returns>False when nobody can ever go on: a deadlock that <see cref="Liveness"/> does not see, since a thread spins.</returns>
    internal bool Wait(Turn turn, Func<bool> ready, long deadline = Turn.Never, bool spins = false)
    {
        lock (_gate)
        {
            if (_open)
            {
                return true;
            }

            (turn.Ready, turn.Deadline, turn.Spins) = (ready, deadline, spins);
            if (!Pass())
            {
                return false;
            }
        }

        turn.Permit.Wait();
        return true;
    }

    /// <summary>The running thread has ended.</summary>
    /// <returns>False when none of those left can ever go on, as with <see cref="Wait"/>.</returns>
    internal bool End(Turn turn)
    {
        lock (_gate)
        {
            _turns.Remove(turn);
            return _open || Pass();
        }
    }

    /// <summary>The machine has stopped: all threads go on at once, and leave.</summary>
    internal void Open()
    {
        lock (_gate)
        {
            _open = true;
            foreach (Turn turn in _turns)
            {
                turn.Permit.Release();
            }
        }
    }

    /// <summary>Gives the turn to whoever can go on; nobody may be able to, until the host starts another thread.</summary>
    /// <returns>False if nobody ever will.</returns>
    private bool Pass()
    {
        _running = null;
        if (Choose() is { } next)
        {
            Give(next);
            return true;
        }

        return !_turns.Exists(turn => turn.Spins);
    }

    /// <summary>Draws one of the threads that can go on, or, if none can, of those whose time comes first.</summary>
    private Turn? Choose()
    {
        List<Turn> able = _turns.FindAll(turn => turn.Ready is null || turn.Deadline <= Clock.Now || turn.Ready());
        if (able.Count == 0 && _turns.Count > 0 && _turns.Min(turn => turn.Deadline) is var first and < Turn.Never)
        {
            Clock.AdvanceTo(first);
            able = _turns.FindAll(turn => turn.Deadline == first);
        }

        return able.Count == 0 ? null : able[(int)(SplitMix.Next(ref _draws) % (ulong)able.Count)];
    }

    private void Give(Turn next)
    {
        (next.Ready, next.Deadline, next.Spins) = (null, Turn.Never, false);
        _running = next;
        next.Permit.Release();
    }
}
